"""What someone types to come in, and to change how they come in."""

from django import forms
from wagtail.admin.forms.auth import LoginForm as WagtailLoginForm
from wagtail.admin.forms.auth import PasswordResetForm as WagtailPasswordResetForm

from portal.accounts import limits


class LoginForm(WagtailLoginForm):
    """Wagtail's own, with the labels that its Dutch lacks, and without "remember me": a session ends by itself."""

    remember = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].label = "Wachtwoord"
        self.fields["password"].widget.attrs["autocomplete"] = "current-password"


class PasswordResetForm(WagtailPasswordResetForm):
    """A few mails an hour for each mailbox; the answer is the same with a mail, with one too many and with none."""

    def send_mail(self, subject_template_name, email_template_name, context, from_email, to_email, **more):
        if limits.may_get_mail(to_email):
            super().send_mail(
                subject_template_name, email_template_name, context, from_email, to_email, **more
            )


class CodeForm(forms.Form):
    """One code: from the app, or a recovery code where that is allowed."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": "Vul de code in."},
    )


class PasswordForm(forms.Form):
    """The password once more, before the second step is changed."""

    password = forms.CharField(
        label="Je wachtwoord",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Vul je wachtwoord in."},
    )
