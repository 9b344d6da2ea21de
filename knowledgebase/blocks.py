"""The steps of an instrument."""

from wagtail import blocks

from portal.blocks import StepBlock


class InstrumentStepsBlock(blocks.StreamBlock):
    step = StepBlock()

    class Meta:
        required = False
