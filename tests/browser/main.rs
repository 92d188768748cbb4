//! Tests of the component in a browser. Only `fetch` is stubbed.

#![allow(
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests assert with `expect` and are their own documentation"
)]
#![cfg(target_arch = "wasm32")]

mod console;
mod page;

use console::{Console, event, events};
use leptos::prelude::*;
use page::{Page, Warnings, eventually};
use referral_history::{ReferralHistory, ReferralHistoryHandle, Theme};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn mounting_makes_one_same_origin_request_with_the_session() {
    let console = Console::new();
    console.will_respond(200, &[], &events(3));
    let page = Page::mount();
    page.shows_rows(3).await;
    let [request] = &console.requests()[..] else {
        panic!("one request");
    };
    assert_eq!(request.path, "/api/v1/referrals/me/events?limit=100");
    assert_eq!(request.credentials, "same-origin");
    assert_eq!(request.mode, "same-origin");
    assert_eq!(request.redirect, "manual");
    assert!(!request.has_authorization);
}

#[wasm_bindgen_test]
async fn loading_is_announced_and_the_skeleton_is_hidden_from_screen_readers() {
    let _console = Console::new();
    let page = Page::mount();
    eventually("Loading is announced", || page.status() == "Loading").await;
    assert_eq!(page.count(".rh-skeleton"), 1);
    assert_eq!(page.count("table"), 0);
}

#[wasm_bindgen_test]
async fn rows_show_what_was_sent() {
    let console = Console::new();
    console.will_respond(
        200,
        &[],
        r#"{"code":200,"msg":"ok","data":{"items":[
          {"id":"a","code":"A1B2C3D4E5F6","campaign":"spring-launch","role":"referrer","status":"review_required",
           "reward_credits":12345678,"created_at":"2025-03-03T09:30:00Z"},
          {"role":"referred","status":"failed","created_at":"yesterday"}]}}"#,
    );
    let page = Page::mount();
    page.shows_rows(2).await;
    assert_eq!(
        page.headings(),
        [
            "Date", "Role", "Status", "Code", "Campaign", "Reward", "Details"
        ]
    );
    let first = page.row(0);
    assert!(first[0].contains("2025"), "{first:?}");
    assert_eq!(
        first[1..5],
        ["Referrer", "Under review", "A1B2C3D4E5F6", "spring-launch"]
    );
    let digits: String = first[5].chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits, "12345678");
    assert!(first[5].len() > digits.len(), "grouped: {first:?}");
    assert_eq!(
        page.row(1),
        ["Unreadable", "Referred", "Failed", "—", "—", "—"]
    );
    let time = page.find_in_rows("time");
    assert_eq!(
        time.get_attribute("datetime").as_deref(),
        Some("2025-03-03T09:30:00Z")
    );
    let unreadable = page.find_in_rows("tr:nth-child(2) td [title]");
    assert_eq!(
        unreadable.get_attribute("title").as_deref(),
        Some("As sent: \"yesterday\"")
    );
}

#[wasm_bindgen_test]
async fn filters_narrow_count_and_clear_without_a_request() {
    let console = Console::new();
    let items: Vec<String> = (0..12)
        .map(|position| {
            let role = if position < 4 { "referred" } else { "referrer" };
            let status = if position % 2 == 0 {
                "rewarded"
            } else {
                "capped"
            };
            event(position, role, status)
        })
        .collect();
    console.will_respond_with(&items);
    let page = Page::mount();
    page.shows_rows(12).await;
    assert_eq!(page.choice("all").description(), "12 referrals");
    assert_eq!(page.choice("rewarded").description(), "6 referrals");
    assert!(page.button("Clear filters").is_none());

    page.choice("referred").check();
    page.shows_rows(4).await;
    assert_eq!(page.choice("rewarded").description(), "2 referrals");
    page.choice("rewarded").check();
    page.shows_rows(2).await;
    assert_eq!(page.choice("all").description(), "6 referrals");
    page.choice("failed").check();
    page.choice("rewarded").check();
    eventually("nothing matches", || {
        page.text().contains("No referrals match")
    })
    .await;
    assert!(page.text().contains("Referred, Failed"), "{}", page.text());

    page.press("Show all referrals");
    page.shows_rows(12).await;
    page.choice("capped").check();
    page.shows_rows(6).await;
    page.press("Clear filters");
    page.shows_rows(12).await;
    assert!(page.choice("all").is_checked());
    assert!(!page.choice("capped").is_checked());
    assert_eq!(console.requests().len(), 1);
}

#[wasm_bindgen_test]
async fn unknown_words_get_their_own_choice() {
    let console = Console::new();
    console.will_respond_with(&[
        event(0, "partner", "clawed_back"),
        event(1, "referrer", "rewarded"),
    ]);
    let page = Page::mount();
    page.shows_rows(2).await;
    assert_eq!(page.row(0)[1..3], ["partner", "clawed_back"]);
    assert_eq!(page.choice("clawed_back").name(), "clawed_back");
    page.choice("clawed_back").check();
    page.shows_rows(1).await;
    page.choice("partner").check();
    page.shows_rows(1).await;
}

#[wasm_bindgen_test]
async fn pages_turn_and_a_filter_returns_to_the_first() {
    let console = Console::new();
    console.will_respond(200, &[], &events(73));
    let page = Page::mount();
    page.shows_rows(25).await;
    assert!(page.text().contains("1–25 of 73"));
    assert_eq!(page.rows_per_page(), "25");
    assert_eq!(page.disabled("Previous page"), Some(true));
    page.press("Previous page");
    page.press("Next page");
    eventually("the second page", || page.text().contains("26–50 of 73")).await;
    page.press("Next page");
    page.shows_rows(23).await;
    assert_eq!(page.disabled("Next page"), Some(true));
    page.select_rows_per_page("10");
    eventually("51 is still shown", || page.text().contains("51–60 of 73")).await;
    page.choice("referrer").check();
    eventually("the first page", || page.text().contains("1–10 of ")).await;
    page.choice("all").check();
    page.select_rows_per_page("100");
    page.shows_rows(73).await;
    assert_eq!(console.requests().len(), 1);
}

#[wasm_bindgen_test]
async fn a_full_answer_says_that_older_events_are_not_shown() {
    let console = Console::new();
    console.will_respond(200, &[], &events(100));
    let page = Page::mount();
    page.shows_rows(25).await;
    assert!(page.text().contains("Older referrals are not shown"));
    let console = Console::new();
    console.will_respond(200, &[], &events(99));
    let page = Page::mount();
    page.shows_rows(25).await;
    assert!(!page.text().contains("Older referrals"));
}

#[wasm_bindgen_test]
async fn unreadable_records_are_counted() {
    let console = Console::new();
    console.will_respond_with(&[
        "null".to_owned(),
        event(0, "referrer", "rewarded"),
        "7".to_owned(),
    ]);
    let page = Page::mount();
    page.shows_rows(1).await;
    assert!(
        page.text()
            .contains("2 records in the answer could not be read")
    );
}

#[wasm_bindgen_test]
async fn markup_and_overrides_stay_text() {
    let console = Console::new();
    console.will_respond_with(&[r#"{"code":"\u202eabc\u0000","campaign":"<img src=x onerror=\"document.title='broken in'\">"}"#.to_owned()]);
    let page = Page::mount();
    page.shows_rows(1).await;
    assert_eq!(page.count("img"), 0);
    assert_eq!(page.row(0)[3], "\u{fffd}abc␀");
    assert!(page.row(0)[4].starts_with("<img src=x"));
}

#[wasm_bindgen_test]
async fn rows_with_equal_ids_are_all_shown() {
    let console = Console::new();
    let same = |status: &str| format!(r#"{{"id":"same","status":"{status}"}}"#);
    console.will_respond_with(&[same("failed"), same("capped"), same("failed")]);
    let page = Page::mount();
    page.shows_rows(3).await;
    console.will_respond_with(&[
        same("rewarded"),
        same("capped"),
        same("expired"),
        same("failed"),
    ]);
    page.press("Refresh");
    page.shows_rows(4).await;
    let statuses: Vec<String> = (0..4).map(|row| page.row(row)[2].clone()).collect();
    assert_eq!(statuses, ["Rewarded", "Capped", "Expired", "Failed"]);
}

#[wasm_bindgen_test]
async fn a_second_refresh_makes_no_request_and_a_failed_one_keeps_the_rows() {
    let console = Console::new();
    console.will_respond(200, &[], &events(5));
    let page = Page::mount();
    page.shows_rows(5).await;
    assert_eq!(page.description_of("Refresh"), "Costs 1 credit");
    page.press("Refresh");
    page.press("Refresh");
    eventually("Refreshing is announced", || page.status() == "Refreshing").await;
    assert_eq!(console.requests().len(), 2);
    assert_eq!(page.rows(), 5);
    console.respond(502, &[], "<html><body>Bad gateway</body></html>");
    eventually("the failure is shown", || {
        page.text().contains("Refresh failed")
    })
    .await;
    assert_eq!(page.rows(), 5);
    assert!(page.text().contains("Showing data from"));
    assert!(!page.text().contains("Bad gateway"));
}

#[wasm_bindgen_test]
async fn without_a_session_there_is_a_link_to_sign_in() {
    let console = Console::new();
    console.will_respond(
        401,
        &[("x-request-id", "req_7")],
        r#"{"code":401,"msg":"Authentication required"}"#,
    );
    let page = Page::mount();
    eventually("the failure is shown", || {
        page.text().contains("You are not signed in")
    })
    .await;
    let link = page.find("a");
    assert_eq!(link.text_content().as_deref(), Some("Sign in"));
    let href = link.get_attribute("href").unwrap_or_default();
    assert!(href.starts_with("/sign-in?return=%2F"), "{href}");
    assert!(page.text().contains("Authentication required"));
    assert!(page.text().contains("req_7"));
    eventually("the failure is announced", || {
        page.status().starts_with("You are not signed in")
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_rate_limit_shows_a_countdown() {
    let console = Console::new();
    console.will_respond(
        429,
        &[("retry-after", "2")],
        r#"{"error":{"code":"rate_limited","message":"Slow down"}}"#,
    );
    let page = Page::mount();
    eventually("the failure is shown", || {
        page.text().contains("Too many requests")
    })
    .await;
    assert_eq!(page.really_disabled("Try again"), Some(true));
    assert!(page.description_of("Try again").starts_with("in 0:0"));
    page.press("Try again");
    assert!(page.button("Refresh").is_none());
    assert_eq!(console.requests().len(), 1);
    eventually("the wait is over", || {
        page.really_disabled("Try again") == Some(false)
    })
    .await;
    console.will_respond(200, &[], &events(1));
    page.press("Try again");
    page.shows_rows(1).await;
    assert_eq!(console.requests().len(), 2);
}

#[wasm_bindgen_test]
async fn a_transient_failure_is_retried_and_announced() {
    let console = Console::new();
    // Long enough for it to be said.
    console.will_respond(503, &[("retry-after", "2")], "");
    console.will_respond(200, &[], &events(2));
    let page = Page::mount();
    eventually("the retry is announced", || {
        page.status().contains("Retrying (1 of 2)")
    })
    .await;
    page.shows_rows(2).await;
    assert_eq!(console.requests().len(), 2);
}

#[wasm_bindgen_test]
async fn every_other_response_has_its_own_notice() {
    for (status, body, title) in [
        (
            200,
            r#"{"code":200,"msg":"ok","data":{"items":[]}}"#,
            "No referrals yet",
        ),
        (
            200,
            r#"{"code":200,"msg":"ok","data":{"items":[1]}}"#,
            "No referral could be read",
        ),
        (200, "<!doctype html>", "Unexpected response"),
        (403, "", "You are not allowed to see this"),
        (422, "", "The request was not accepted"),
        (502, "", "We couldn’t load your referrals"),
    ] {
        let console = Console::new();
        console.will_respond(status, &[], body);
        let page = Page::mount();
        eventually(title, || page.text().contains(title)).await;
        eventually("the announcement", || page.status().starts_with(title)).await;
        assert_eq!(console.requests().len(), 1);
    }
}

#[wasm_bindgen_test]
async fn props_are_reactive_and_only_some_make_a_new_request() {
    let console = Console::new();
    console.will_respond(200, &[], &events(30));
    let (theme, set_theme) = signal(Some(Theme::Light));
    let (lang, set_lang) = signal(Some("en".to_owned()));
    let (limit, set_limit) = signal(Some(30_u8));
    let page = Page::mount_view(
        move || view! { <ReferralHistory theme=theme lang=lang limit=limit page_size=10_usize/> },
    );
    page.shows_rows(10).await;
    let themes = || page.attributes(".rh", "data-theme");
    assert_eq!(themes(), ["light"]);
    set_theme.set(Some(Theme::Dark));
    eventually("it is dark", || themes() == ["dark"]).await;
    set_lang.set(Some("de".to_owned()));
    eventually("it is German", || {
        page.text().contains("Empfehlungsverlauf")
    })
    .await;
    set_lang.set(Some("en".to_owned()));
    set_theme.set(None);
    eventually("it is as the system", || themes() == ["system"]).await;
    assert_eq!(console.requests().len(), 1);
    console.will_respond(200, &[], &events(3));
    set_limit.set(Some(3));
    page.shows_rows(3).await;
    let paths: Vec<String> = console
        .requests()
        .into_iter()
        .map(|request| request.path)
        .collect();
    assert_eq!(
        paths,
        [
            "/api/v1/referrals/me/events?limit=30",
            "/api/v1/referrals/me/events?limit=3"
        ]
    );
}

#[wasm_bindgen_test]
async fn the_language_is_that_of_the_nearest_lang_and_follows_it() {
    let console = Console::new();
    console.will_respond(200, &[], &events(1));
    let page = Page::mount();
    page.shows_rows(1).await;
    assert_eq!(page.attributes(".rh", "lang"), ["en"]);
    page.set_lang_around("de-AT");
    eventually("it is German", || page.attributes(".rh", "lang") == ["de"]).await;
    page.set_lang_around("ar");
    eventually("it is Arabic", || page.attributes(".rh", "dir") == ["rtl"]).await;
    assert_eq!(console.requests().len(), 1);
}

#[wasm_bindgen_test]
async fn a_host_has_a_place_in_the_empty_list() {
    let console = Console::new();
    console.will_respond(200, &[], r#"{"code":200,"msg":"ok","data":{"items":[]}}"#);
    let page = Page::mount_view(|| {
        view! {
            <ReferralHistory>
                <a slot="empty" href="/share">"Share your code"</a>
            </ReferralHistory>
        }
    });
    eventually("the list is empty", || {
        page.text().contains("No referrals yet")
    })
    .await;
    assert_eq!(page.attributes("slot", "name"), ["empty"]);
    assert_eq!(page.slotted("a"), ["Share your code"]);
}

#[wasm_bindgen_test]
async fn an_invalid_prop_is_warned_about_once() {
    let console = Console::new();
    console.will_respond(200, &[], &events(3));
    let warnings = Warnings::listen();
    let (theme, set_theme) = signal(Some(Theme::Light));
    let page = Page::mount_view(
        move || view! { <ReferralHistory theme=theme api_base="http://" limit=0_u8 sign_in_url="//other.example"/> },
    );
    page.shows_rows(3).await;
    for (theme, word) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        set_theme.set(Some(theme));
        eventually(word, || page.attributes(".rh", "data-theme") == [word]).await;
    }
    let warned = warnings.all();
    let invalid = [
        r#"limit "0""#,
        r#"api-base "http://""#,
        r#"sign-in-url "//other.example""#,
    ];
    assert_eq!(warned.len(), invalid.len(), "{warned:?}");
    for (warning, option) in warned.iter().zip(invalid) {
        assert!(warning.contains(option), "{warning}");
    }
    assert_eq!(console.requests().len(), 1);
    assert_eq!(
        console.requests()[0].path,
        "/api/v1/referrals/me/events?limit=100"
    );
}

/// A handle that outlived its component used a state that was disposed.
#[wasm_bindgen_test]
async fn a_leptos_host_clears_and_refreshes_by_the_handle() {
    let console = Console::new();
    console.will_respond(200, &[], &events(3));
    let handle = ReferralHistoryHandle::new();
    handle.refresh();
    let page = Page::mount_view(move || view! { <ReferralHistory handle=handle/> });
    page.shows_rows(3).await;
    handle.clear();
    eventually("the rows are gone", || page.rows() == 0).await;
    assert_eq!(console.requests().len(), 1);
    console.will_respond(200, &[], &events(2));
    handle.refresh();
    page.shows_rows(2).await;
    drop(page);
    handle.clear();
    handle.refresh();
    assert_eq!(console.requests().len(), 2);
}

#[wasm_bindgen_test]
async fn unmounting_aborts_the_request() {
    let console = Console::new();
    let page = Page::mount();
    eventually("a request is made", || console.requests().len() == 1).await;
    drop(page);
    eventually("the request is aborted", || console.aborted() == 1).await;
}

#[wasm_bindgen_test]
async fn two_pages_on_one_document_share_nothing() {
    let console = Console::new();
    console.will_respond(200, &[], &events(2));
    console.will_respond(200, &[], &events(3));
    let (one, two) = (Page::mount(), Page::mount());
    one.shows_rows(2).await;
    two.shows_rows(3).await;
    one.choice("rejected").check();
    one.shows_rows(0).await;
    two.shows_rows(3).await;
    // Ids and radio groups are scoped to a shadow root.
    one.choice("referred").check();
    eventually("a role is chosen", || one.choice("referred").is_checked()).await;
    assert!(two.choice("all").is_checked());
}

/// A screen reader cannot resolve a reference to no element or to two.
#[wasm_bindgen_test]
async fn every_reference_by_id_has_one_target() {
    let console = Console::new();
    console.will_respond(200, &[], &events(5));
    let page = Page::mount();
    page.shows_rows(5).await;
    let ids = page.attributes("[id]", "id");
    for attribute in ["aria-labelledby", "aria-describedby"] {
        // A closed dialog has no content, and so no title to refer to.
        let references = format!("[{attribute}]:not(dialog:not([open]))");
        let references = page.attributes(&references, attribute);
        for id in references.iter().flat_map(|ids| ids.split_whitespace()) {
            assert_eq!(
                ids.iter().filter(|found| *found == id).count(),
                1,
                "{attribute} {id}"
            );
        }
    }
}

/// A live region that kept the text of a failed refresh did not announce the next choice.
#[wasm_bindgen_test]
async fn after_a_failed_refresh_choices_are_still_announced() {
    let console = Console::new();
    console.will_respond(200, &[], &events(8));
    let page = Page::mount();
    page.shows_rows(8).await;
    console.will_respond(502, &[], "");
    page.press("Refresh");
    eventually("the failure is announced", || {
        page.status().starts_with("Refresh failed")
    })
    .await;
    page.choice("rewarded").check();
    eventually("the range is announced", || {
        page.status() == "Showing 1–2 of 2 referrals"
    })
    .await;
    page.choice("failed").check();
    page.choice("rewarded").check();
    eventually("the empty result is announced", || {
        page.status() == "No referrals match the filters"
    })
    .await;
}

/// A choice that was removed when the user cleared it lost the focus.
#[wasm_bindgen_test]
async fn a_cleared_choice_keeps_the_focus_until_the_next_response() {
    let console = Console::new();
    console.will_respond_with(&[event(0, "referrer", "odd"), event(1, "referrer", "capped")]);
    let page = Page::mount();
    page.shows_rows(2).await;
    page.choice("odd").focus();
    page.choice("odd").check();
    page.shows_rows(1).await;
    console.will_respond_with(&[event(0, "referrer", "capped"), event(1, "referrer", "new")]);
    page.press("Refresh");
    eventually("nothing matches", || {
        page.text().contains("No referrals match")
    })
    .await;
    assert!(page.choice("odd").has_focus());
    page.choice("odd").check();
    page.shows_rows(2).await;
    assert!(page.choice("odd").has_focus());
    assert_eq!(page.choice("new").description(), "1 referral");
}

#[wasm_bindgen_test]
async fn a_wait_after_a_failure_that_waiting_cannot_fix_is_ignored() {
    let console = Console::new();
    console.will_respond(403, &[("retry-after", "3600")], "");
    let page = Page::mount();
    eventually("the failure is shown", || {
        page.text().contains("You are not allowed")
    })
    .await;
    assert!(!page.text().contains("in 60:00"), "{}", page.text());
    // Another request would not help.
    assert!(page.button("Try again").is_none());
    assert!(page.button("Refresh").is_none());
}
