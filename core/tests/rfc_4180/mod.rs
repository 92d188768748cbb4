//! A reader of separated values that forgives nothing.

/// Reads separated values as RFC 4180 has them, after a byte order mark, and takes nothing else: every record
/// ends with CR LF, a quote stands only around a cell or doubled within one that is quoted, and what is not
/// quoted holds no line break.
pub fn cells(csv: &str, separator: char) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut rest = csv.strip_prefix('\u{feff}').expect("a byte order mark");
    while !rest.is_empty() {
        let mut record = Vec::new();
        loop {
            let cell;
            (cell, rest) = match rest.strip_prefix('"') {
                Some(quoted) => quoted_cell(quoted),
                None => rest.split_at(rest.find([separator, '\r', '\n', '"']).expect("an end")),
            };
            record.push(cell.replace("\"\"", "\""));
            match rest.strip_prefix(separator) {
                Some(next) => rest = next,
                None => break,
            }
        }
        rest = rest.strip_prefix("\r\n").expect("CR LF after a record");
        records.push(record);
    }
    records
}

/// A cell up to the quote that ends it, and what follows that quote.
fn quoted_cell(text: &str) -> (&str, &str) {
    let mut from = 0;
    loop {
        let quote = from + text[from..].find('"').expect("a quote at the end");
        if !text[quote + 1..].starts_with('"') {
            return (&text[..quote], &text[quote + 1..]);
        }
        from = quote + 2;
    }
}
