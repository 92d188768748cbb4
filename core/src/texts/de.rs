//! German.

use super::{FailureTexts, Plural, StatusTexts, Texts};

/// The German texts.
pub static GERMAN: Texts = Texts {
    lang: "de",
    dir: "ltr",
    title: "Empfehlungsverlauf",
    missing: "—",
    unreadable: "Unlesbar",
    unreadable_hint: "Wie gesendet: {sent}",
    list_separator: ", ",
    and_more: Plural::of_two("und {count} weitere", "und {count} weitere"),
    now: "jetzt",

    loading: "Wird geladen",
    retrying: "Laden fehlgeschlagen. Neuer Versuch ({number} von {of})\u{a0}…",
    retrying_in: "Laden fehlgeschlagen. Neuer Versuch ({number} von {of}) in {time}",
    stop_waiting: "Nicht länger warten",
    refreshing: "Wird aktualisiert",
    loaded: "Stand: {ago}",
    answer_from: "Daten von {time}",
    refresh: "Aktualisieren",
    try_again: "Erneut versuchen",
    cost: "Kostet 1 Credit",
    cost_another: "Kostet einen weiteren Credit",
    cost_perhaps_another: "Kostet evtl. einen weiteren Credit",
    cost_nothing: "Diese Anfrage hat nichts gekostet.",
    cost_one: "Diese Anfrage hat 1 Credit gekostet.",
    cost_unknown: "Ob diese Anfrage einen Credit gekostet hat, ist nicht bekannt.",
    asks_for_longest: "Der Dienst bittet, einen Tag oder länger zu warten.",
    wait: "in {time}",
    sign_in: "Anmelden",

    all_events: Plural::of_two("{count} Ereignis", "{count} Ereignisse"),
    latest_events: Plural::of_two("Das neueste Ereignis", "Die neuesten {count} Ereignisse"),
    since: "{events} seit dem {date}.",
    since_unknown: "{events}.",
    older_not_shown: "Ältere Ereignisse werden nicht angezeigt.",
    unreadable_records: Plural::of_two(
        "{count} Datensatz in der Antwort war nicht lesbar und wird nicht angezeigt.",
        "{count} Datensätze in der Antwort waren nicht lesbar und werden nicht angezeigt.",
    ),
    records_not_read: Plural::of_two(
        "Die Antwort enthält {count} Datensatz mehr, als diese Seite liest.",
        "Die Antwort enthält {count} Datensätze mehr, als diese Seite liest.",
    ),

    times_in: "Zeiten in {zone}",
    show_utc: "UTC anzeigen",
    show_zone: "{zone} anzeigen",

    export: "Exportieren",
    export_events: Plural::of_two(
        "{count} Ereignis, wie gefiltert",
        "{count} Ereignisse, wie gefiltert und sortiert",
    ),
    export_csv: "CSV für Tabellenprogramme",
    export_json: "JSON, wie von der API gesendet",
    exported: "Gespeichert als {file}",

    summary: "Zusammenfassung",
    credits_earned: "Verdiente Credits",
    from_rewards: Plural::of_two("aus {count} Prämie", "aus {count} Prämien"),
    rewards_unknown: Plural::of_two(
        "{count} mit unbekanntem Betrag",
        "{count} mit unbekanntem Betrag",
    ),
    too_large: "Summe zu groß",
    in_progress: "Noch offen",
    of_events: Plural::of_two("von {count} Ereignis", "von {count} Ereignissen"),
    rewarded_share: "Prämiert",
    of_ended: Plural::of_two(
        "{rewarded} von {count} beendeten",
        "{rewarded} von {count} beendeten",
    ),
    none_ended: "noch keine beendet",
    expiring_soon: "Läuft bald ab",
    within_7_days: "binnen 7 Tagen",
    figures_of_all: Plural::of_two(
        "Zahlen und Diagramme beziehen sich auf das eine geladene Ereignis.",
        "Zahlen und Diagramme beziehen sich auf alle {count} geladenen Ereignisse.",
    ),
    figures_of_some: Plural::of_two(
        "Zahlen und Diagramme beziehen sich auf {count} von {total} geladenen Ereignissen: Sie \
         folgen jedem Filter außer „Status“ und „Läuft bald ab“.",
        "Zahlen und Diagramme beziehen sich auf {count} von {total} geladenen Ereignissen: Sie \
         folgen jedem Filter außer „Status“ und „Läuft bald ab“.",
    ),

    shares: "Was daraus wurde",
    share: "{events}, {percent}",
    no_status: "Ohne Status",
    other_statuses: "Anderer oder kein Status",
    credits_over_time: "Credits im Zeitverlauf",
    by_day: "pro Tag",
    by_week: "pro Woche",
    by_month: "pro Monat",
    by_year: "pro Jahr",
    week_of: "Woche ab {date}",
    bar: "{period}: {credits} aus {rewards}",
    no_rewards: "Keine Prämien unter diesen Ereignissen.",
    chart_gap: "Jahre ohne Prämien",
    rewards_undated: Plural::of_two(
        "{count} Prämie hat kein lesbares Datum und fehlt im Diagramm.",
        "{count} Prämien haben kein lesbares Datum und fehlen im Diagramm.",
    ),
    numbers: "In Zahlen",
    period: "Zeitraum",
    credits: Plural::of_two("{count} Credit", "{count} Credits"),
    rewards: Plural::of_two("{count} Prämie", "{count} Prämien"),
    by_campaign: "Nach Kampagne",
    column_events: "Ereignisse",
    column_rewarded: "Prämiert",
    column_rewards: "Prämien",
    column_credits: "Credits",

    search: "Code, Kampagne oder ID suchen",
    filters: "Filter",
    filters_set: "Filter ({count})",
    counted: "{name} ({count})",
    role: "Rolle",
    all_roles: "Alle",
    referrer: "Werbend",
    referred: "Geworben",
    any_date: "Jedes Datum",
    last_days: Plural::of_two("Letzter Tag", "Letzte {count} Tage"),
    choose_dates: "Zeitraum wählen",
    from: "Von",
    to: "Bis",
    any_campaign: "Alle Kampagnen",
    no_campaign: "Ohne Kampagne",
    sort_by: "Sortieren nach",
    default_order: "Neueste zuerst, wie von der API gesendet",
    ascending: "{column}, aufsteigend",
    descending: "{column}, absteigend",
    sorted: "Sortiert nach {order}.",

    status: "Status",
    attributed: "Zugeordnet",
    qualified: "Qualifiziert",
    review_required: "Prüfung nötig",
    rewarded: "Prämiert",
    expired: "Abgelaufen",
    capped: "Limit erreicht",
    failed: "Fehlgeschlagen",
    rejected: "Abgelehnt",

    clear_filters: "Filter löschen",
    choice_events: Plural::of_two("{count} Ereignis", "{count} Ereignisse"),

    table: "Empfehlungsereignisse",
    date: "Datum",
    code: "Code",
    campaign: "Kampagne",
    reward: "Prämie",

    details: "Details",
    details_of: "Details zu {event}",
    close: "Schließen",
    id: "ID",
    created_at: "Erstellt",
    expires_at: "Läuft ab",
    qualified_at: "Qualifiziert",
    rewarded_at: "Prämiert",
    not_sent: "Nicht gesendet",
    copy: "Kopieren",
    copy_of: "{name} kopieren",
    copied: "Kopiert",
    copy_failed: "Das Kopieren hat nicht geklappt. Markieren Sie den Text und kopieren Sie ihn von Hand.",
    copy_for_support: "Für den Support kopieren",
    fields: "Alle Felder",

    timeline: "Verlauf",
    not_qualified_yet: "Noch nicht qualifiziert",
    not_rewarded_yet: "Noch nicht prämiert",
    was_to_expire: "Sollte ablaufen",
    time_not_sent: "Der Dienst hat den Zeitpunkt nicht gesendet.",

    overdue_next: "Die Frist ist verstrichen. Wenn sich der Status nicht ändert, senden Sie dem Support die Details.",
    why_attributed: StatusTexts {
        referrer: "Diese Empfehlung ist Ihnen zugeordnet. Für eine Prämie ist sie noch nicht \
                   qualifiziert.",
        referred: "Diese Empfehlung ist der Person zugeordnet, die Sie geworben hat. Die Empfehlung \
                   ist noch nicht qualifiziert.",
        other: "Diese Empfehlung ist zugeordnet. Sie ist noch nicht qualifiziert.",
        next: "Hier ist nichts zu tun. Bis zum Ablauf kann sich die Empfehlung noch qualifizieren.",
    },
    why_qualified: StatusTexts::to_all(
        "Diese Empfehlung ist qualifiziert. Die Prämie wurde noch nicht gewährt.",
        "Hier ist nichts zu tun. Wenn es so bleibt, senden Sie dem Support die Details.",
    ),
    why_review_required: StatusTexts::to_all(
        "Diese Empfehlung wird für eine Prüfung zurückgehalten. Der Support prämiert sie dann oder \
         lehnt sie ab.",
        "Bis der Support entschieden hat, ist nichts zu tun. Wenn Sie dazu eine Frage haben, senden \
         Sie ihm die Details.",
    ),
    credits_not_said: "Der Dienst hat nicht angegeben, mit wie vielen Credits",
    why_rewarded: StatusTexts::to_all(
        "Diese Empfehlung wurde prämiert: {credits}.",
        "Die Empfehlung ist abgeschlossen, und es ist nichts zu tun.",
    ),
    why_expired: StatusTexts::to_all(
        "Der Zuordnungszeitraum endete, bevor diese Empfehlung prämiert wurde. Daher hat sie nichts \
         eingebracht.",
        "Die Empfehlung ist beendet. Wenn sie Ihrer Meinung nach hätte prämiert werden sollen, \
         senden Sie dem Support die Details.",
    ),
    why_capped: StatusTexts {
        referrer: "Sie hatten das Prämienlimit des Monats erreicht. Daher hat diese Empfehlung \
                   nichts eingebracht.",
        referred: "Die Person, die Sie geworben hat, hatte ihr monatliches Prämienlimit erreicht. \
                   Daher hat diese Empfehlung nichts eingebracht.",
        other: "Die werbende Person hatte ihr monatliches Prämienlimit erreicht. Daher hat diese \
                Empfehlung nichts eingebracht.",
        next: "Die Empfehlung ist beendet, und es ist nichts zu tun: Das Limit gilt pro Monat.",
    },
    why_failed: StatusTexts::to_all(
        "Die Prämie konnte nicht gewährt werden. Daher hat diese Empfehlung nichts eingebracht.",
        "Senden Sie dem Support die Details und fragen Sie, was schiefgegangen ist.",
    ),
    why_rejected: StatusTexts::to_all(
        "Diese Empfehlung wurde nach einer Prüfung abgelehnt. Daher hat sie nichts eingebracht.",
        "Die Empfehlung ist beendet. Wenn Sie das für einen Irrtum halten, senden Sie dem Support \
         die Details.",
    ),
    why_unknown: StatusTexts::to_all(
        "Der Dienst nennt dies „{status}“. Dieses Wort kennt die Seite noch nicht.",
        "Der Support kann Ihnen sagen, was es bedeutet: Senden Sie ihm die Details.",
    ),
    why_missing: StatusTexts::to_all(
        "Der Dienst hat für diese Empfehlung keinen Status gesendet oder einen, der nicht lesbar \
         ist.",
        "Der Support kann Ihnen sagen, was daraus wurde: Senden Sie ihm die Details.",
    ),

    pagination: "Seitennavigation",
    rows_per_page: "Zeilen pro Seite",
    previous_page: "Vorherige Seite",
    next_page: "Nächste Seite",
    range: "{first}–{last} von {total}",
    range_of_none: "0 von 0",
    showing: "Ereignisse {range} werden angezeigt",

    empty_title: "Noch keine Empfehlungen",
    empty_meaning: "Wenn sich jemand mit Ihrem Empfehlungscode registriert oder Sie sich mit dem \
                    einer anderen Person, sehen Sie hier die Empfehlung und was daraus wurde.",
    nothing_readable_title: "Kein Datensatz war lesbar",
    nothing_readable_meaning: "Der Dienst hat Datensätze gesendet, aber keinen in einer Form, die \
                               diese Seite versteht. Wenn es so bleibt, informieren Sie den Support.",
    cleared_title: "Ihre Empfehlungen werden nicht mehr angezeigt",
    cleared_meaning: "Sie wurden von dieser Seite entfernt. Laden Sie sie, um sie wieder zu sehen.",
    load: "Empfehlungen laden",
    no_match_title: "Keine Ereignisse passen zu den Filtern",
    no_match_meaning: "Diese Filter lassen keines der geladenen Ereignisse übrig: {filters}.",
    searched: "„{text}“",
    dates_from: "ab {date}",
    dates_to: "bis {date}",
    show_all: "Alle Ereignisse anzeigen",

    not_signed_in: FailureTexts {
        title: "Sie sind nicht angemeldet",
        meaning: "Ihre Sitzung ist beendet, oder Sie haben sich noch nicht angemeldet. Melden Sie sich an, \
                  um Ihren Empfehlungsverlauf zu sehen.",
    },
    not_allowed: FailureTexts {
        title: "Sie haben hier keinen Zugriff",
        meaning: "Die Berechtigungen, der Tarif oder die Richtlinie Ihres Kontos umfassen keine \
                  Empfehlungsereignisse. Wer Ihr Konto verwaltet, kann Ihnen mehr sagen.",
    },
    too_many_requests: FailureTexts {
        title: "Zu viele Anfragen",
        meaning: "Pro Minute ist nur eine begrenzte Zahl von Anfragen erlaubt, und sie ist vorerst \
                  aufgebraucht. Warten Sie einen Moment und versuchen Sie es dann erneut.",
    },
    service: FailureTexts {
        title: "Der Dienst konnte nicht antworten",
        meaning: "Beim Dienst ist etwas fehlgeschlagen. Ihre Empfehlungen sind nicht betroffen. Versuchen \
                  Sie es in einigen Minuten erneut.",
    },
    bad_request: FailureTexts {
        title: "Die Anfrage wurde nicht angenommen",
        meaning: "Der Dienst hat nicht verstanden, wonach diese Seite gefragt hat. Ein neuer Versuch hilft \
                  daher vielleicht nicht. Wenn es so bleibt, informieren Sie den Support.",
    },
    no_connection: FailureTexts {
        title: "Keine Verbindung",
        meaning: "Der Dienst war nicht erreichbar. Prüfen Sie Ihre Internetverbindung und versuchen \
                  Sie es dann erneut.",
    },
    timed_out: FailureTexts {
        title: "Die Antwort hat zu lange gedauert",
        meaning: "Innerhalb von 15 Sekunden kam keine Antwort, daher wartet die Seite nicht länger. \
                  Versuchen Sie es gleich noch einmal.",
    },
    unreadable_answer: FailureTexts {
        title: "Die Antwort ist nicht lesbar",
        meaning: "Der Dienst hat geantwortet, aber nicht in einer Form, die diese Seite versteht. \
                  Daher werden keine Ereignisse angezeigt. Versuchen Sie es erneut. Wenn es so \
                  bleibt, informieren Sie den Support.",
    },
    other_origin: FailureTexts {
        title: "Die Seite ist nicht eingerichtet",
        meaning: "Sie sollte eine andere Website nach Ihren Empfehlungen fragen und lehnt das ab. Es wurde \
                  nichts angefragt. Wenden Sie sich an die Betreiber dieser Konsole.",
    },
    refresh_failed: "Aktualisieren fehlgeschlagen: {title}",
    rows_are_from: "Sie sehen den Stand von {time} Uhr ({ago}).",
    rows_are_old: "Sie sehen den Stand von {time}.",
    service_says: "Der Dienst meldet: {message}",
    request_id: "Anfrage-ID",
};
