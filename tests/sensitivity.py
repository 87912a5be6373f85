"""What each column of the database says about a person.

A column that is not here fails the build (tests/test_consistency.py), so whoever adds
a column first decides what it says about a person.
"""

from enum import Enum


class Sensitivity(Enum):
    #: Printed on paper or shown to everybody: the office, its prices.
    PUBLIC = "public"
    #: About the office's own work: states, instants, ids, members of staff.
    HOUSE = "house"
    #: Says something about the person who came; never logged, in no address.
    PERSONAL = "personal"
    #: Encrypted (AES-256-GCM), and opened only for the person or for somebody whom
    #: the journal then names.
    SEALED = "sealed"
    #: A keyed digest: it shows which values are equal, and nothing else.
    INDEX = "index"
    #: Secrets are derived from it or checked against it; no screen shows it.
    SECRET = "secret"


PUBLIC, HOUSE, PERSONAL, SEALED, INDEX, SECRET = Sensitivity

COLUMNS: dict[str, dict[Sensitivity, str]] = {
    "counter.Office": {
        PUBLIC: "id name slug authority enterprise_number address postal_code city"
        " phone email help_phone help_name officer_email minimum_age ask_below_age"
        " app_keys sms_keys email_keys",
    },
    "counter.Desk": {PUBLIC: "id office name is_active"},
    "counter.OfficeText": {PUBLIC: "id office slot language text"},
    "counter.Draft": {
        SEALED: "content_sealed",
        HOUSE: "id clerk submission saved_at",
    },
    # Whether an applicant is family of a clerk is not there for others to look up.
    "counter.KinshipAnswer": {
        PERSONAL: "is_family",
        HOUSE: "id dossier clerk colleague at",
    },
    "counter.TurnedAway": {HOUSE: "id office clerk submission at outcome reason"},
    "counter.MailDomain": {HOUSE: "id domain"},
    "counter.Enquiry": {
        PERSONAL: "name email text answer",
        HOUSE: "id submission office kind language page received_at owner handled_at"
        " handled_by",
    },
    "counter.OpeningHours": {PUBLIC: "id office weekday opens closes"},
    "counter.ClosingDay": {PUBLIC: "id office date occasion"},
    "counter.Clerk": {
        HOUSE: "id last_login is_superuser username first_name last_name email is_staff"
        " is_active date_joined office role language",
        SECRET: "password",
    },
    "counter.SignInRecord": {
        HOUSE: "clerk session_epoch signed_in_at session_ended_by screen_locked_at"
        " change_to_show desk desk_since",
    },
    "counter.AccountChange": {
        HOUSE: "id account act by at old_email second_supervisor second_email"
    },
    "counter.PasswordLink": {
        SECRET: "nonce",
        HOUSE: "id clerk email asked_by is_invitation asked_at valid_until used_at"
        " ended_at",
    },
    "counter.Applicant": {
        SEALED: "national_number_sealed",
        INDEX: "national_number_index_a national_number_index_b",
        PERSONAL: "number_kind last_name first_names birth_date",
        HOUSE: "id first_seen_at anonymised_at parted_at",
    },
    "counter.Dossier": {
        SEALED: "document_number_sealed",
        PERSONAL: "last_name first_names birth_date document_type document_country"
        " document_expiry email language reason",
        HOUSE: "id submission office applicant recorded_by desk state original_seen_at"
        " recorded_at paid_at code_issued_at activated_at cancelled_at lapsed_at"
        " anonymised_at",
    },
    # Names and dates before and after the correction; never a number.
    "counter.DossierCorrection": {
        PERSONAL: "changes",
        HOUSE: "id dossier clerk supervisor at",
    },
    "counter.RetentionPeriod": {PUBLIC: "id office rule days"},
    "counter.LegalHold": {
        HOUSE: "id dossier reason until set_by set_at lifted_by lifted_at lift_reason",
    },
    "counter.Alarm": {
        HOUSE: "id trouble about since noticed_at seen_at ended_at operator_told_at"
        " operator_told_of_end_at claim claimed_until",
    },
    "counter.TaskRun": {
        HOUSE: "id name host pid started_at lost_after ended_at outcome handled error",
    },
    "counter.MonthCount": {HOUSE: "id office month subject value count"},
    # The proof that rows were removed says nothing about whose they were.
    "counter.DestructionRecord": {HOUSE: "id at rule office days rows at_request"},
    "counter.JournalEntry": {
        HOUSE: "id at event actor_kind clerk office dossier subject details mark",
    },
    "counter.JournalSeal": {
        HOUSE: "id sealed_at first_id last_id entries previous marks digest key_id",
    },
    "counter.SignInFailure": {
        INDEX: "whose_index",
        HOUSE: "id failures since free_from",
    },
    "counter.FailedSignIns": {
        INDEX: "name_index network_index",
        HOUSE: "id hour form secret count",
    },
    "counter.KnownComputer": {SECRET: "mark", HOUSE: "id clerk signed_in_at"},
    "counter.SecondFactor": {
        SEALED: "secret_sealed",
        HOUSE: "clerk attempt begun_at confirmed_at last_step",
    },
    "counter.Passkey": {
        SEALED: "public_key_sealed",
        HOUSE: "id clerk name credential_id sign_count added_at last_used_at",
    },
    "counter.CityIdentity": {
        SEALED: "subject_sealed",
        SECRET: "mark",
        HOUSE: "clerk linked_at is_off",
    },
    "counter.PasskeyChallenge": {SECRET: "mark", HOUSE: "id clerk asked_at"},
    "payments.Tariff": {
        PUBLIC: "id office category amount valid_from valid_until regulation",
    },
    "payments.Payment": {
        HOUSE: "id submission dossier tariff taken_by taken_at method amount tendered"
        " terminal_slip drawer terminal waiver_reason approved_by replaces late",
    },
    "payments.Reversal": {
        HOUSE: "id payment reason method amount state asked_by asked_at withdrawn_at"
        " decided_by decided_at refund_method drawer late refund_slip settled_by"
        " settled_at booked_on",
    },
    "payments.BankRefund": {HOUSE: "id reversal paid_on noted_by noted_at"},
    "payments.Receipt": {
        HOUSE: "id office year number payment issued_at desk username terminal",
    },
    "payments.ReceiptCounter": {HOUSE: "id office year last"},
    "payments.DrawerSession": {
        HOUSE: "id office clerk desk state opened_at opening_float opening_counts"
        " counted_at counted_amount counted_counts expected_amount difference closed_at"
        " difference_reason approved_at approved_by recount_asked_at"
        " recount_asked_by sealed_bag",
    },
    "payments.DrawerCount": {
        HOUSE: "id session nth at counted_by together_with amount counts difference"
        " was_said",
    },
    "payments.DrawerMovement": {
        HOUSE: "id submission session kind amount at by reference",
    },
    "payments.Terminal": {
        HOUSE: "id office name number slip_shortest slip_longest is_active"
    },
    "payments.TerminalTotal": {HOUSE: "id terminal date amount noted_by noted_at"},
    "payments.ExportBatch": {
        HOUSE: "id session date office number content sha256 created_at created_by",
    },
    "activation.ActivationCode": {
        SEALED: "progress_sealed",
        SECRET: "nonce",
        HOUSE: "id dossier key_id state issued_by issued_at valid_until attempts"
        " locked_at used_at replaced_at lapsed_at frozen_at"
        " held_at",
    },
    "activation.AddressChange": {
        SECRET: "nonce",
        PERSONAL: "old_email",
        HOUSE: "id dossier at clerk supervisor key_id objected_at settled_at",
    },
    "activation.KeyHolder": {
        SECRET: "password",
        PERSONAL: "user_name email new_email language",
        HOUSE: "id applicant created_at session_epoch anonymised_at",
    },
    "activation.KnownBrowser": {SECRET: "mark", HOUSE: "id holder signed_in_at"},
    "activation.RecoveryCode": {
        SECRET: "mark hashed",
        HOUSE: "id holder made_at used_at",
    },
    "activation.SignInActivity": {
        PERSONAL: "device browser",
        HOUSE: "id holder at key kind is_new_device what_for result",
    },
    "activation.HolderChange": {
        PERSONAL: "old_email",
        HOUSE: "id holder at act kind",
    },
    "activation.SignInCount": {
        INDEX: "name_index",
        HOUSE: "id failures last_at free_from",
    },
    "activation.DigitalKey": {
        SEALED: "secret_sealed destination_sealed",
        INDEX: "destination_index",
        PERSONAL: "name",
        HOUSE: "id holder code is_first replaces kind state last_step created_at"
        " activated_at valid_until expired_at revoked_at last_used_at anonymised_at",
    },
    "activation.OneTimeCode": {
        SECRET: "nonce",
        INDEX: "destination_index",
        HOUSE: "id key holder purpose key_id_used state requested_at valid_until"
        " attempts used_at",
    },
    "activation.WrongPassword": {
        INDEX: "name_index",
        PERSONAL: "device browser",
        HOUSE: "id at",
    },
    "activation.KeyEndings": {HOUSE: "id office month count"},
    "activation.AddressCount": {
        INDEX: "address_index",
        HOUSE: "id minute count",
    },
    "notifications.Circuit": {
        HOUSE: "id lane channel failures opened_at paused_until paced_until"
    },
    "notifications.Heartbeat": {HOUSE: "id part host pid at certificate_ends"},
    "notifications.Delivery": {
        HOUSE: "id kind lane channel subject dossier enquiry holder seal password_link"
        " account_change state created_at"
        " planned_for not_before attempts lease leased_until unconfirmed"
        " handed_over_at sent_at refused_at dropped_at unknown_at answer"
        " dropped_because dead_at put_off_since",
    },
}


def sensitivity_of(model: str) -> dict[str, Sensitivity]:
    """The sensitivity of each column of a model, by the column's name."""
    return {
        column: level
        for level, columns in COLUMNS.get(model, {}).items()
        for column in columns.split()
    }
