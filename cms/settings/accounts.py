"""Accounts of staff: how they sign in, how long they stay signed in, what keeps others out.

What allauth does and what axes does: `docs/adr/0012-count-passwords-with-axes-and-codes-with-allauth.md`.
"""

import datetime
import zoneinfo
from operator import attrgetter

from django.urls import reverse_lazy

from cms.settings.base import ENV

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "cms.users.validators.LengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "cms.users.validators.OwnWordsValidator"},
    {"NAME": "cms.users.validators.CommonValidator"},
    {"NAME": "cms.users.validators.PatternValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds for which the link of a mail is valid
INVITATION_DAYS = ENV.invitation_days
MFA_REQUIRED_ROLES = ENV.mfa_required_roles

LOGIN_URL = reverse_lazy("account_login")
LOGOUT_REDIRECT_URL = LOGIN_URL
# One way to sign in, to change a password and to change an address: those of Wagtail are closed.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False

# Some systems count these among their time zones; browsers know no such zone.
WAGTAIL_USER_TIME_ZONES = sorted(zoneinfo.available_timezones() - {"Factory", "localtime"})

SESSION_COOKIE_AGE = ENV.session_hours * 3600
SESSION_IDLE_SECONDS = ENV.session_idle_minutes * 60
SESSION_COOKIE_HTTPONLY = True

ACCOUNT_ADAPTER = "cms.users.adapters.AccountAdapter"
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever accepts an invitation has shown that the address is theirs
ACCOUNT_FORMS = {
    "login": "cms.users.forms.SignInForm",
    "change_password": "cms.users.forms.ChangePasswordForm",
    "reset_password": "cms.users.forms.ResetPasswordForm",
    "reset_password_from_key": "cms.users.forms.NewPasswordForm",
    "reauthenticate": "cms.users.forms.ConfirmPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
# Django's own: allauth's keeps a second list of addresses, in which an address that was changed would go on working.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a class
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "10/15m/key",  # codes of the second factor, for each account; passwords are left to django-axes
    "reset_password": "20/h/ip,3/15m/key",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_DISPLAY = attrgetter("display_name")

MFA_ADAPTER = "cms.users.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "cms.users.second_factor_forms.CodeForm",
    "reauthenticate": "cms.users.second_factor_forms.ConfirmCodeForm",
    "activate_totp": "cms.users.second_factor_forms.ActivateAppForm",
    "add_webauthn": "cms.users.second_factor_forms.AddPasskeyForm",
    "edit_webauthn": "cms.users.second_factor_forms.RenamePasskeyForm",
    "authenticate_webauthn": "cms.users.second_factor_forms.PasskeyForm",
    "login_webauthn": "cms.users.second_factor_forms.SignInPasskeyForm",
    "reauthenticate_webauthn": "cms.users.second_factor_forms.ConfirmPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = ENV.site_name
MFA_TOTP_TOLERANCE = 1  # clocks of telephones go wrong by up to half a minute

AXES_CLIENT_IP_CALLABLE = "cms.core.throttling.client_address"
AXES_CLIENT_STR_CALLABLE = "cms.users.lockout.described_without_personal_data"
AXES_COOLOFF_TIME = datetime.timedelta(minutes=15)
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_FAILURE_LIMIT = 5  # of one address from one client
AXES_FAILURE_LIMIT_PER_CLIENT = 50  # of all addresses from one client: an office may share one
AXES_HANDLER = "cms.users.lockout.LockOutHandler"
AXES_LOCKOUT_CALLABLE = "cms.users.views.locked_out"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = [
    *("login", "email", "code", "credential", "csrfmiddlewaretoken", "next"),
    *("oldpassword", "password1", "password2", "username", "ip_address"),
]
AXES_USERNAME_CALLABLE = "cms.users.lockout.address_of"
AXES_VERBOSE = False
