"""The door of /beheer/: password, second step, setting it up, and changing it later."""

import time

from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View
from django_otp import login as otp_login
from wagtail.admin import messages
from wagtail.admin.views.account import LoginView as WagtailLoginView
from wagtail.admin.views.account import PasswordResetView as WagtailPasswordResetView

from portal.accounts import entry, limits, second_step
from portal.accounts.forms import CodeForm, PasswordForm, PasswordResetForm
from portal.accounts.journal import note
from portal.accounts.signals import known
from portal.middleware import client_address

WRONG_CODE = "Deze code klopt niet of is al gebruikt. Wacht op de volgende code in de app en vul die in."
SURE, SURE_FOR = "password_given_at", 10 * 60


@method_decorator(sensitive_post_parameters(), name="dispatch")
@method_decorator(never_cache, name="dispatch")
class LoginView(WagtailLoginView):
    """Name and password; what follows is the second step, and only then is anyone logged in."""

    def form_valid(self, form):
        return entry.begin(self.request, form.get_user(), self.get_success_url())


@method_decorator(never_cache, name="dispatch")
class PasswordResetView(WagtailPasswordResetView):
    """A mail with a link, a few times an hour for each address that asks and, in the form, each that gets them."""

    def get_form_class(self):
        return PasswordResetForm

    def form_valid(self, form):
        if not limits.may_ask_mail(client_address(self.request)):
            return render(self.request, "429.html", {"wait": "een uur"}, status=429)
        return super().form_valid(form)


@method_decorator(sensitive_post_parameters(), name="dispatch")
@method_decorator(never_cache, name="dispatch")
class WaitingView(View):
    """Only for who gave the right password, or is logged in and may change the second step."""

    template_name = ""

    def dispatch(self, request, *args, **kwargs):
        self.user, self.waiting = entry.waiting(request) or (None, None)
        if self.user is None:
            return redirect("wagtailadmin_login")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.show(CodeForm())

    def show(self, form, status=200, **context):
        return TemplateResponse(
            self.request, self.template_name, {"form": form, "person": self.user, **context}, status=status
        )

    def post(self, request):
        """On when the code is right; else the form with what was typed, or the page that says to wait."""
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        if refused := entry.refusal(request, self.user):
            return refused
        if answer := self.accept(request, form.cleaned_data["code"]):
            return answer
        entry.count_failure(request, self.user)
        form.add_error("code", WRONG_CODE)
        return self.show(form)

    def accept(self, request, code: str):
        """What follows on this code; None when it is wrong."""
        raise NotImplementedError


class CodeView(WaitingView):
    """The code of the app, or a recovery code."""

    template_name = "accounts/code.html"

    def show(self, form, status=200, **context):
        form.fields["code"].widget.attrs["autofocus"] = True
        return super().show(form, status, **context)

    def accept(self, request, code):
        device = second_step.check(self.user, code)
        if device is None:
            return None
        answer = entry.come_in(request, self.user, self.waiting.backend, device, self.waiting.next)
        if isinstance(device, second_step.StaticDevice):
            self.say_what_is_left(request)
        return answer

    def say_what_is_left(self, request):
        left = second_step.recovery_codes_left(self.user)
        note("account.recovery_code_used", self.user, by=self.user, request=request, left=left)
        messages.warning(
            request,
            f"Je hebt een herstelcode gebruikt. Je hebt er nog {left}. Telefoon kwijt? Stel een andere in.",
            buttons=[messages.button(reverse("second_step"), "Tweede stap wijzigen")],
        )


class SetUpView(WaitingView):
    """The first time: scan the picture or type the secret over, prove it with one code, keep the recovery codes."""

    template_name = "accounts/set_up.html"

    def dispatch(self, request, *args, **kwargs):
        found = entry.waiting(request)
        if found and second_step.phone(found[0]):
            return redirect("login_code")
        return super().dispatch(request, *args, **kwargs)

    def show(self, form, status=200, **context):
        device = second_step.begin_set_up(self.user)
        picture = second_step.qr_code(device)
        return super().show(form, status, qr_code=picture, secret=second_step.secret(device), **context)

    def accept(self, request, code):
        device = second_step.begin_set_up(self.user)
        return self.finish(request, device) if second_step.confirm(self.user, device, code) else None

    def finish(self, request, device):
        next_url = self.waiting.next
        entry.come_in(request, self.user, self.waiting.backend, device, next_url)
        note("account.second_step_set", self.user, by=self.user, request=request)
        return show_recovery_codes(request, self.user, next_url)


def show_recovery_codes(request, user: User, next_url: str):
    """New recovery codes, shown this once: they are kept nowhere."""
    codes = second_step.make_recovery_codes(user)
    note("account.recovery_codes_made", user, by=user, request=request)
    return TemplateResponse(request, "accounts/recovery_codes.html", {"codes": codes, "next_url": next_url})


def is_sure(request) -> bool:
    """Whether this person gave the password again a moment ago."""
    return time.time() - request.session.get(SURE, 0) < SURE_FOR


class ReplaceView(SetUpView):
    """Another phone in place of the present one, for someone who just gave the password again."""

    def dispatch(self, request, *args, **kwargs):
        self.user = request.user
        if not is_sure(request):
            return redirect("second_step")
        return View.dispatch(self, request, *args, **kwargs)

    def finish(self, request, device):
        otp_login(request, device)
        request.session.pop(SURE, None)
        note("account.second_step_set", self.user, by=self.user, request=request)
        return show_recovery_codes(request, self.user, reverse("wagtailadmin_account"))


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SecondStepView(View):
    """Someone's own second step: whether it is set, another phone, new recovery codes; the password is asked again."""

    def get(self, request):
        return self.show(PasswordForm())

    def show(self, form):
        return TemplateResponse(
            self.request,
            "accounts/second_step.html",
            {
                "form": form,
                "phone": second_step.phone(self.request.user),
                "left": second_step.recovery_codes_left(self.request.user),
                "page_title": "Inloggen in twee stappen",
                "header_title": "Inloggen in twee stappen",
            },
        )

    def post(self, request):
        form = PasswordForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        user = request.user
        if (
            authenticate(request, username=user.get_username(), password=form.cleaned_data["password"])
            != user
        ):
            form.add_error("password", "Dit wachtwoord klopt niet.")
            return self.show(form)
        if "codes" in request.POST and second_step.phone(user):
            return show_recovery_codes(request, user, reverse("second_step"))
        request.session[SURE] = time.time()
        return redirect("second_step_replace")


class BeheerderView(View):
    """For beheerders only."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class LockOutsView(BeheerderView):
    """Who cannot log in now after too many failures, and a button that lets them try again."""

    def get(self, request):
        title = "Geblokkeerd bij het inloggen"
        context = {"lock_outs": limits.lock_outs(), "page_title": title, "header_title": title}
        return TemplateResponse(request, "accounts/lock_outs.html", context)

    def post(self, request):
        username = request.POST.get("username", "")
        if username and limits.lift(username):
            if person := known(username):
                note("account.lock_lifted", person, by=request.user, request=request)
            messages.success(request, f"{username} kan het weer proberen.")
        return redirect("lock_outs")


class RemoveView(BeheerderView):
    """A beheerder takes away the second step of someone who lost both phone and recovery codes."""

    def get(self, request, pk):
        person = get_object_or_404(User, pk=pk)
        return TemplateResponse(
            request,
            "accounts/remove.html",
            {
                "person": person,
                "is_set": second_step.phone(person) is not None,
                "page_title": "Tweede stap weghalen",
                "page_subtitle": str(person),
                "header_title": f"Tweede stap weghalen: {person}",
            },
        )

    def post(self, request, pk):
        person = get_object_or_404(User, pk=pk)
        second_step.remove(person)
        note("account.second_step_removed", person, by=request.user, request=request)
        messages.success(
            request,
            f"De tweede stap van {person} is weg. Bij de volgende keer inloggen stelt diegene hem opnieuw in.",
        )
        return redirect("wagtailusers_users:index")
