"""What Django says on our pages and its own Croatian does not yet: translated with our words.

Nothing reads this list; it lets the texts be gathered with those of the sources.
"""

from django.utils.translation import gettext_noop as n_
from django.utils.translation import ngettext_lazy

TEXTS = (
    n_("Enter a valid domain name."),
    n_("Null characters are not allowed."),
    n_("“%(value)s” value has an invalid date format. It must be in YYYY-MM-DD format."),
    n_("“%(value)s” value has the correct format (YYYY-MM-DD) but it is an invalid date."),
    n_("“%(value)s” value must be a decimal number."),
    n_("“%(value)s” value must be an integer."),
    n_("“%(pk)s” is not a valid value."),
    n_(
        "%(datetime)s couldn’t be interpreted in time zone %(current_timezone)s; it may be "
        "ambiguous or it may not exist."
    ),
    n_(
        "ManagementForm data is missing or has been tampered with. Missing fields: "
        "%(field_names)s. You may need to file a bug report if the issue persists."
    ),
    n_("The two password fields didn’t match."),
    n_("The password is too similar to the %(verbose_name)s."),
    n_("Your password can’t be too similar to your other personal information."),
    n_("This password is too common."),
    n_("Your password can’t be a commonly used password."),
    n_("Your password can’t be entirely numeric."),
)
COUNTED = (
    ngettext_lazy(
        "Please submit at most %(num)d form.", "Please submit at most %(num)d forms.", "num"
    ),
    ngettext_lazy(
        "Please submit at least %(num)d form.", "Please submit at least %(num)d forms.", "num"
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
