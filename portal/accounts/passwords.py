"""What a password may not be, said in plain Dutch: long enough, not common, not yourself; no other rules."""

from django.contrib.auth import password_validation as rules
from django.core.exceptions import ValidationError

from portal.accounts.journal import note

#: Words of this place that a guesser tries first.
OWN_WORDS = (
    "lokaledemocratie",
    "lokale democratie",
    "gemeente",
    "gemeenteraad",
    "redactie",
    "wachtwoord",
    "welkom",
)


class LongEnough(rules.MinimumLengthValidator):
    """Length is what makes a password strong."""

    def get_error_message(self):
        return f"Dit wachtwoord is te kort: gebruik minstens {self.min_length} tekens."

    def get_help_text(self):
        return f"Gebruik minstens {self.min_length} tekens: een paar losse woorden is sterk en te onthouden."


class NotYourself(rules.UserAttributeSimilarityValidator):
    """Not one's own name or mail address."""

    def get_error_message(self):
        return "Dit wachtwoord lijkt te veel op je naam of je mailadres."

    def get_help_text(self):
        return "Gebruik niet je naam of je mailadres."


class NotCommon(rules.CommonPasswordValidator):
    """Not one that everyone tries, nor one of those a few times over or with a number behind it."""

    def validate(self, password, user=None):
        plain = password.lower().strip()
        once = plain[: (plain + plain).find(plain, 1)]
        bare = once.strip("0123456789!?.-_# ")
        if (
            {plain, once} & self.passwords
            or len(once) < 4
            or not bare
            or bare in (*OWN_WORDS, *self.passwords)
        ):
            raise ValidationError(self.get_error_message(), code="password_too_common")

    def get_error_message(self):
        return "Dit wachtwoord is te makkelijk te raden: veel mensen gebruiken het."

    def get_help_text(self):
        return "Gebruik geen wachtwoord dat veel mensen gebruiken, ook niet met een cijfer erachter."

    def password_changed(self, password, user=None):
        """Django tells its validators of each new password; that there is one is written down."""
        if user is not None:
            note("account.password_changed", user)
