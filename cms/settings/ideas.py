"""Ideas from the public: what is accepted, how soon it is looked at, how long it is kept."""

from datetime import timedelta

# How long an idea stays as it is before everything that people wrote is erased, by its state. Others stay.
IDEAS_RETENTION = {
    "submitted": timedelta(days=14),  # as long as the link of the first mail serves
    "needs-information": timedelta(days=180),
    "spam": timedelta(days=30),
    "withdrawn": timedelta(days=30),
    "duplicate": timedelta(days=365),
    "rejected": timedelta(days=365),
    "declined": timedelta(days=365),
    "published": timedelta(days=730),
    "converted": timedelta(days=730),
}
# How soon an idea should leave a state.
IDEAS_TARGETS = {
    "confirmed": timedelta(days=3),
    "triage": timedelta(days=10),
    "review": timedelta(days=30),
    "accepted": timedelta(days=30),
}

# How many reviewers judge an idea before it is decided.
IDEAS_REVIEWS = 2
# Where everybody can have an address: the same domain says nothing of an organisation there.
IDEAS_COMMON_MAIL_DOMAINS = [
    *("bk.ru", "gmail.com", "hotmail.com", "icloud.com", "inbox.ru", "internet.ru", "list.ru", "live.com", "mail.kz"),
    *("mail.ru", "me.com", "outlook.com", "proton.me", "protonmail.com", "rambler.ru", "ya.ru", "yahoo.com"),
    *("yandex.com", "yandex.kz", "yandex.ru"),
]

IDEAS_FILE_EXTENSIONS = ["csv", "docx", "jpeg", "jpg", "ods", "odt", "pdf", "png", "pptx", "txt", "webp", "xlsx"]
IDEAS_FILE_SIZE = 5 * 1024 * 1024
IDEAS_FILES = 3

# What a browser has to work for a form: tries of PBKDF2 with so many rounds, 256 on average. About a second on a phone.
IDEAS_PROOF_ROUNDS = 2_000
# Without scripts a form has to be this old instead.
IDEAS_FORM_DELAY = timedelta(seconds=15)
IDEAS_FORM_LIFE = timedelta(hours=24)

# Ideas that may wait for one address to be confirmed.
IDEAS_UNCONFIRMED_LIMIT = 3
IDEAS_UNCONFIRMED_SPAN = timedelta(days=1)
