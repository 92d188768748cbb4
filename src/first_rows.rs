//! The first request, and the rows that the element shows before the rest of the program is there.
//!
//! The element's release is two files. This is what the first one draws: the title and the rows, with bones in place of
//! all else. They are as the page will show them, but do nothing. The page draws its own rows and removes these.

use core::{any::Any, cell::RefCell, mem};
use std::{rc::Rc, sync::Arc};

use futures::future::{AbortHandle, FutureExt as _, abortable};
use leptos::{ev, html, prelude::*};
use referral_history_core::{
    locale::Locale,
    options::{HostOptions, Theme},
    query::Query,
    sort::Sort,
    texts,
};
use wasm_bindgen::JsCast;
use web_sys::{
    Element, FocusOptions, HtmlElement, HtmlTableCellElement, HtmlTableElement,
    HtmlTableRowElement, ShadowRoot,
};

use crate::{
    browser::{Api, EarlyRequest, IntlLocale, ThisDevice, document, now, painted, remove, style},
    components::rows::{Head, Presses, Row, aria_sort},
    embed::Kept,
    i18n::I18n,
    panic_hook::is_stopped,
    state::{LoadState, Loaded, RowKey},
    url_sync::{self, Claim},
};

/// What an element has before its page is there. Dropping it removes the rows, and aborts the request unless the page
/// has taken it.
pub struct FirstRows {
    shadow: ShadowRoot,
    /// What was asked for, and what the rows are to be.
    asked: Option<(HostOptions, Query)>,
    /// The options as they are by now.
    settled: HostOptions,
    api: Option<Api>,
    request: Option<EarlyRequest>,
    /// The claim to the names of the choices in the address.
    claim: Option<Claim>,
    /// Ends the wait for the answer.
    waiting: Option<AbortHandle>,
    progress: Rc<RefCell<Progress>>,
}

/// What has become of the request and the rows.
#[derive(Default)]
struct Progress {
    has_ended: bool,
    loaded: Option<Arc<Loaded>>,
    drawn: Option<Drawn>,
}

impl FirstRows {
    /// For an element with this shadow root. Nothing is requested before [`FirstRows::ask`].
    pub fn new(shadow: ShadowRoot) -> Self {
        Self {
            shadow,
            asked: None,
            settled: HostOptions::default(),
            api: None,
            request: None,
            claim: None,
            waiting: None,
            progress: Rc::default(),
        }
    }

    /// Takes over a request that was made while the program was loading.
    pub fn take_over(&mut self, early: EarlyRequest) {
        self.request = Some(early);
    }

    /// Claims the names of the choices in the address. **Makes a request** if none was made, which costs the user a
    /// credit. The choices are those of the host page's query, or else of the address.
    pub fn ask(&mut self, options: &HostOptions, query: Option<&str>) {
        let mut options = options.clone();
        // The page reports what is invalid.
        options.check();
        let api = Api::parse(&options.api_base, &options.api_origin);
        // If options have changed the address since, this aborts the request.
        let early = self.request.take();
        let early = early.filter(|early| early.is_for(api.as_ref(), options.limit));
        self.request = early.or_else(|| EarlyRequest::start(api.as_ref()?, options.limit));
        let (claim, initial) = url_sync::initial(&options, None);
        self.claim = claim;
        let query = query
            .map(|query| url_sync::plain_format(&options).read(query))
            .or(initial)
            .unwrap_or_else(|| Query::with_rows_per_page(options.page_size));
        self.settled = options.clone();
        self.asked = Some((options, query));
        self.api = api;
    }

    /// Follows a change of options. If they ask for anything else than before, this removes the rows, aborts the request,
    /// and returns true.
    pub fn settle(&mut self, options: &HostOptions) -> bool {
        let mut options = options.clone();
        options.check();
        let is_other = options.needs_new_request(&self.settled);
        self.settled = options;
        if is_other {
            self.clear();
        }
        is_other
    }

    /// Waits for the answer.
    pub fn answered(&mut self) -> impl Future<Output = ()> + 'static {
        let (request, api) = (self.request.clone(), self.api.clone());
        let limit = self.asked.as_ref().map(|(options, _)| options.limit);
        let progress = Rc::clone(&self.progress);
        let (task, waiting) = abortable(async move {
            let answer = match request {
                Some(request) => Some(request.answer().await),
                None => None,
            };
            if is_stopped() {
                return;
            }
            // Other elements wait, too.
            if let (Some(api), Some(Err(failure))) = (api, &answer) {
                api.store_wait(failure);
            }
            let answer = answer.and_then(Result::ok).zip(limit);
            let loaded =
                answer.map(|(answer, limit)| Loaded::new(answer, 1, limit, &ThisDevice, now()));
            progress.replace(Progress {
                has_ended: true,
                loaded: loaded.map(Arc::new),
                drawn: None,
            });
        });
        self.waiting = Some(waiting);
        task.map(|_| ())
    }

    /// Draws the rows of the answer. Where anything but rows is to be shown, it is left to the page. The future ends when
    /// the rows are painted, or at once if there are none.
    pub fn draw(&self) -> impl Future<Output = ()> + 'static {
        let loaded = self.progress.borrow().loaded.clone();
        let drawn = loaded
            .zip(self.asked.as_ref())
            .and_then(|(loaded, (options, query))| {
                Drawn::new(&self.shadow, options, query, &loaded)
            });
        let are_drawn = drawn.is_some();
        self.progress.borrow_mut().drawn = drawn;
        async move {
            if are_drawn {
                painted().await;
            }
        }
    }

    /// Whether the rows are there.
    pub fn are_drawn(&self) -> bool {
        self.progress.borrow().drawn.is_some()
    }

    /// Whether these options ask for anything else.
    pub(crate) fn needs_new_request(&self, options: &HostOptions) -> bool {
        let asked = self.asked.as_ref();
        asked.is_some_and(|(asked, _)| options.needs_new_request(asked))
    }

    /// Whether they are another user's than that of these options.
    pub(crate) fn are_of_another_session(&self, options: &HostOptions) -> bool {
        let asked = self.asked.as_ref();
        asked.is_some_and(|(asked, _)| options.session != asked.session)
    }

    /// Whether the answer is not there yet.
    pub(crate) fn is_waiting(&self) -> bool {
        !self.progress.borrow().has_ended
    }

    /// The formats of the rows, if they are in a language.
    pub(crate) fn locale(&self, lang: &str) -> Option<Rc<dyn Locale>> {
        let progress = self.progress.borrow();
        let drawn = progress.drawn.as_ref().filter(|drawn| drawn.lang == lang)?;
        Some(drawn.i18n.locale())
    }

    /// Removes the rows, and aborts the request.
    pub fn clear(&mut self) {
        self.stop_waiting();
        self.request = None;
        self.claim = None;
        self.progress.take();
    }

    /// Removes the rows, and returns what a page of the same element can show without a request.
    pub fn keep(self) -> Option<Kept> {
        let (options, query) = self.asked.clone()?;
        let loaded = self.progress.borrow_mut().loaded.take()?;
        Some(Kept {
            options,
            query,
            load: LoadState::Ready(loaded),
        })
    }

    /// What the rows are in, where the page is to be drawn, too.
    pub(crate) fn take_frame(&mut self) -> Option<HtmlElement> {
        self.progress.borrow_mut().drawn.as_mut()?.frame.take()
    }

    /// The request, and the claim to the names of the choices in the address. The rows stay.
    pub(crate) fn take_request(&mut self) -> (Option<EarlyRequest>, Option<Claim>) {
        self.stop_waiting();
        (self.request.take(), self.claim.take())
    }

    fn stop_waiting(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            waiting.abort();
        }
    }

    /// Removes the rows, and passes on what the table of a page in this language can use of them.
    pub(crate) fn hand_over(self, i18n: I18n) -> Handover {
        let Some(mut drawn) = self.progress.take().drawn else {
            return Handover::default();
        };
        Handover {
            focused: drawn.focused(),
            down: drawn.presses.last(),
            pressed: drawn.pressed.take(),
            rows: if Rc::ptr_eq(&drawn.i18n.locale(), &i18n.locale()) {
                mem::take(&mut drawn.rows)
            } else {
                Vec::new()
            },
        }
    }
}

/// Adds what a page is drawn in to a shadow root.
pub(crate) fn add_frame(shadow: &ShadowRoot) -> Option<HtmlElement> {
    let frame = document()?.create_element("div").ok()?;
    let frame: HtmlElement = frame.dyn_into().ok()?;
    // Before what the element shows meanwhile, which the style sheet hides once the page is drawn.
    shadow.prepend_with_node_1(&frame).ok()?;
    style::set_text_size(&frame);
    frame.set_class_name("rh-frame");
    Some(frame)
}

/// What a page takes over of the first rows.
#[derive(Default)]
pub(crate) struct Handover {
    /// The rows of the first response.
    pub(crate) rows: Vec<Row>,
    /// Where the last press started.
    pub(crate) down: (i32, i32),
    focused: Option<Place>,
    pressed: Option<Place>,
}

impl Handover {
    /// The page's table has its rows: whatever was pressed or had the focus is that in the table.
    pub(crate) fn end(self, table: &HtmlTableElement) {
        if let Some(control) = self.focused.and_then(|place| place.control(table)) {
            // The user may have scrolled away from it.
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = control.focus_with_options(&options);
        }
        if let Some(control) = self.pressed.and_then(|place| place.control(table)) {
            control.click();
        }
    }
}

impl Drop for FirstRows {
    fn drop(&mut self) {
        if is_stopped() {
            // No cleanup after a panic: the entry removes what was drawn.
            mem::forget((self.claim.take(), self.request.take()));
            mem::forget(Rc::clone(&self.progress));
            return;
        }
        self.clear();
    }
}

/// The rows in the document. Dropping them removes them.
struct Drawn {
    /// What they are in; `None` once the page has it.
    frame: Option<HtmlElement>,
    page: Element,
    lang: String,
    i18n: I18n,
    rows: Vec<Row>,
    presses: Presses,
    /// Where the last press was.
    pressed: Rc<RefCell<Option<Place>>>,
    /// Keeps the listeners alive.
    _view: Box<dyn Any>,
}

impl Drawn {
    /// Draws the rows of the page that the choices name; `None` if there are none, or if their order needs what the
    /// page has.
    fn new(
        shadow: &ShadowRoot,
        options: &HostOptions,
        query: &Query,
        loaded: &Loaded,
    ) -> Option<Self> {
        // The names of campaigns are compared by the page.
        if query.sorts_by_campaign() {
            return None;
        }
        let now = now() - loaded.clock_ahead;
        let masks = query.filter_masks(&loaded.records, &ThisDevice, now);
        let matching = query.matching(&loaded.records, &masks, &[]);
        let page = query.page_of(matching.len());
        let positions = matching.get(page.rows()).unwrap_or_default();
        // Not `i18n::available_tag`: what is read here is not followed.
        let texts = texts::get(&options.lang);
        let lang = texts::tag(&options.lang, texts).to_owned();
        let owner = Owner::new();
        let i18n = owner.with(|| I18n::new(texts, Rc::new(IntlLocale::new(&lang))));
        let row = |position: &usize| {
            let key = RowKey {
                generation: loaded.generation,
                position: *position,
                zone: query.zone,
            };
            let event = &loaded.records.get(*position)?.event;
            owner.with(|| Row::new(key, event, i18n, now))
        };
        let rows: Vec<Row> = positions.iter().filter_map(row).collect();
        if rows.is_empty() {
            return None;
        }
        let pressed = Rc::default();
        let (theme, sort, pressed_in) = (options.theme, query.sort, Rc::clone(&pressed));
        let (view, body, presses) = owner.with(|| {
            let (body, presses) = (NodeRef::new(), Presses::new());
            let pressed = StoredValue::new_local(pressed_in);
            let view = view! { <Page i18n theme sort body presses pressed/> };
            (view.into_any().build(), body.get_untracked(), presses)
        });
        let (page, body) = (view.elements().into_iter().next()?, body?);
        for row in &rows {
            body.append_child(&row.element).ok()?;
        }
        // Before the rows are there: it reads the user's text size, for which the browser computes all styles.
        let frame = add_frame(shadow)?;
        frame.append_child(&page).ok()?;
        Some(Self {
            frame: Some(frame),
            page,
            lang,
            i18n,
            rows,
            presses,
            pressed,
            _view: Box::new((view, owner)),
        })
    }

    /// Where the focus is, if it is in the rows.
    fn focused(&self) -> Option<Place> {
        let focused = self.page.query_selector(":focus").ok()??;
        Place::of(&focused)
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        remove(self.frame.as_ref().map_or(&self.page, AsRef::as_ref));
    }
}

/// The page before its state is there.
#[component]
fn Page(
    i18n: I18n,
    theme: Theme,
    sort: Option<Sort>,
    /// The rows.
    body: NodeRef<html::Tbody>,
    presses: Presses,
    /// Where the last press was.
    pressed: StoredValue<Rc<RefCell<Option<Place>>>, LocalStorage>,
) -> impl IntoView {
    let texts = i18n.texts;
    let press = move |event: ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into().ok());
        if presses.is_press(&event)
            && let Some(place) = target.and_then(|target: Element| Place::of(&target))
        {
            pressed.with_value(|pressed| pressed.replace(Some(place)));
        }
    };
    let bones = ["lead", "overview", "toolbar"];
    view! {
        <div
            class="rh"
            part="page"
            role="region"
            aria-labelledby="rh-title"
            // Assistive technology may wait until it can be used.
            aria-busy="true"
            lang=texts.lang
            dir=texts.dir
            data-theme=theme.as_str()
        >
            <header class="rh-header" part="header" data-waiting="true">
                <div class="rh-heading">
                    <h1 class="rh-title" part="title" id="rh-title">{texts.title}</h1>
                </div>
            </header>
            <div class="rh-bones" aria-hidden="true">
                {bones.map(|part| view! { <div class=part></div> }).collect_view()}
            </div>
            <div class="rh-rows">
                <table
                    class="rh-table"
                    part="table"
                    role="table"
                    aria-label=texts.table
                    on:pointerdown=move |event| presses.start(&event)
                    on:click=press
                >
                    <Head i18n order=move |column| aria_sort(column, sort)/>
                    <tbody role="rowgroup" node_ref=body></tbody>
                </table>
            </div>
        </div>
    }
}

/// A cell of the table.
struct Place {
    row: i32,
    cell: i32,
    /// What the button of the row says; `None` in the headings.
    label: Option<String>,
}

impl Place {
    /// The place of an element.
    fn of(element: &Element) -> Option<Self> {
        let cell: HtmlTableCellElement = element.closest("th, td").ok()??.dyn_into().ok()?;
        let row: HtmlTableRowElement = cell.closest("tr").ok()??.dyn_into().ok()?;
        Some(Self {
            row: row.row_index(),
            cell: cell.cell_index(),
            label: label(&row),
        })
    }

    /// What can be pressed at this place of another table; `None` if it has another row there.
    fn control(&self, table: &HtmlTableElement) -> Option<HtmlElement> {
        let row = table.rows().item(self.row.try_into().ok()?)?;
        let row: HtmlTableRowElement = row.dyn_into().ok()?;
        let cell = row.cells().item(self.cell.try_into().ok()?)?;
        let button = cell.query_selector("button").ok()?;
        (label(&row) == self.label).then_some(button.unwrap_or(cell).unchecked_into())
    }
}

fn label(row: &Element) -> Option<String> {
    let button = row.query_selector("[aria-label]").ok()??;
    button.get_attribute("aria-label")
}
