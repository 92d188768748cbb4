//! The envelope around the records: a documented success, or the many shapes of an error.

use serde_json::value::RawValue;

use crate::json::{Items, Members, integer, text};
use crate::sanitize::sanitize;

/// The most characters of a service's message that are shown.
const MESSAGE_CHARACTERS: usize = 300;

/// The most characters of a request id that are shown.
const REQUEST_ID_CHARACTERS: usize = 100;

/// The body of an answer, whatever its shape.
#[derive(Default)]
pub(super) struct Envelope<'a> {
    members: Members<'a>,
    data: Option<Members<'a>>,
}

impl<'a> Envelope<'a> {
    /// Parses a body; the envelope is empty if the body is not a JSON object.
    pub(super) fn parse(body: &'a str) -> Self {
        let members = Members::parse(body).unwrap_or_default();
        let data = members
            .get("data")
            .and_then(|data| Members::parse(data.get()));
        Self { members, data }
    }

    /// The records; `None` if the body is not a documented success. Nothing else is accepted, because an
    /// error must never be shown as a list, least of all as an empty one: `code` is absent or 2xx, no
    /// member names an error, and `data` is an object that has `items` or is empty. `items` may be
    /// `null`, which is how Go writes an empty slice.
    pub(super) fn items(&self) -> Option<Items<'a>> {
        let data = self.data.as_ref()?;
        if !self.is_success() {
            return None;
        }
        match data.get("items") {
            None => data.is_empty().then(Items::default),
            Some(items) if items.get() == "null" => Some(Items::default()),
            Some(items) => serde_json::from_str(items.get()).ok(),
        }
    }

    fn is_success(&self) -> bool {
        let has_success_code = self
            .member("code")
            .is_none_or(|code| integer(code).is_some_and(|code| (200..300).contains(&code)));
        let succeeds = self
            .member("success")
            .is_none_or(|success| success.get() == "true");
        let status = self.member("status");
        let names_failure = status.is_some_and(|status| {
            let word = text(status).map(|word| word.trim().to_ascii_lowercase());
            let code = integer(status);
            word.is_some_and(|word| ["error", "fail", "failed", "failure"].contains(&&*word))
                || code.is_some_and(|code| !(200..300).contains(&code))
        });
        has_success_code && succeeds && !names_failure && self.errors().is_empty()
    }

    /// A member of the envelope that is not `null`.
    fn member(&self, name: &str) -> Option<&'a RawValue> {
        self.members.get(name).filter(|value| value.get() != "null")
    }

    /// The members that name an error, in the places where services put them: objects, lists or texts.
    fn errors(&self) -> Vec<&'a RawValue> {
        let mut errors = Vec::new();
        for members in [Some(&self.members), self.data.as_ref()]
            .into_iter()
            .flatten()
        {
            for name in ["error", "errors"] {
                errors.extend(members.get(name).filter(|error| !is_empty(error)));
            }
        }
        errors
    }

    /// The service's message about the error. A proxy's web page is not a message.
    pub(super) fn message(&self) -> Option<String> {
        let errors = self.errors();
        let in_errors = errors.iter().find_map(|error| error_message(error));
        let in_members = |members: &Members<'_>| {
            ["msg", "message"]
                .into_iter()
                .find_map(|name| text(members.get(name)?))
        };
        let message = in_errors
            .or_else(|| in_members(&self.members))
            .or_else(|| self.data.as_ref().and_then(in_members))?;
        sanitize_message(&message)
    }

    /// The service's id for the request.
    pub(super) fn request_id(&self) -> Option<String> {
        let in_error = self
            .error()
            .and_then(|error| text(error.get("request_id")?));
        let id = in_error.or_else(|| text(self.members.get("request_id")?))?;
        sanitize_request_id(&id)
    }

    /// The error's code, such as `upstream_unreachable`.
    pub(super) fn error_code(&self) -> Option<String> {
        text(self.error()?.get("code")?)
    }

    fn error(&self) -> Option<Members<'a>> {
        Members::parse(self.members.get("error")?.get())
    }
}

/// Whether the member for an error holds none.
fn is_empty(error: &RawValue) -> bool {
    let sent: String = error.get().split_ascii_whitespace().collect();
    matches!(&*sent, "null" | "false" | "\"\"" | "[]" | "{}")
}

/// The message of an error: the text itself, the message of an object, or that of a list's first item.
fn error_message(error: &RawValue) -> Option<String> {
    if let Some(message) = text(error) {
        return Some(message);
    }
    if let Some(members) = Members::parse(error.get()) {
        return ["message", "msg", "detail"]
            .into_iter()
            .find_map(|name| text(members.get(name)?));
    }
    let errors: Items<'_> = serde_json::from_str(error.get()).ok()?;
    // Only one level deep: services do not send errors as lists of lists.
    let first = errors
        .first
        .first()
        .filter(|first| !first.get().starts_with('['))?;
    error_message(first)
}

/// The message, made safe to show; `None` if it is empty or a web page.
fn sanitize_message(message: &str) -> Option<String> {
    let message = message.trim();
    let start: String = message
        .chars()
        .take(9)
        .collect::<String>()
        .to_ascii_lowercase();
    let is_page = start == "<!doctype" || start.starts_with("<html");
    (!message.is_empty() && !is_page).then(|| sanitize(message, MESSAGE_CHARACTERS))
}

/// The request id, made safe to show; `None` if it is empty.
pub(super) fn sanitize_request_id(id: &str) -> Option<String> {
    let id = id.trim();
    (!id.is_empty()).then(|| sanitize(id, REQUEST_ID_CHARACTERS))
}
