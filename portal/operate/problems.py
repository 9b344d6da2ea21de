"""What goes wrong for an operator, said in one sentence that names what to do."""


class OperatorError(Exception):
    """Something an operator can mend; its text is for them."""
