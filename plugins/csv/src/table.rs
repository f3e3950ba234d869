//! Bytes into rows, however they are cut into parts: the crate `csv-core` knows quotes, and this keeps the unfinished
//! row and skips one that is too long.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use crate::encoding::{Encoding, Utf16};
use crate::settings::Settings;

/// Longest row; a longer one has an unclosed quote, or is no row of a table.
const ROW_BYTES_MAX: usize = 64 * 1024;
/// Most columns.
const COLUMNS_MAX: usize = 512;
/// Stands before a text to say that it is UTF-8.
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// A row, or one that could not be one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Row {
    Fields(Vec<String>),
    TooLong,
}

/// A table that is being read.
pub(crate) struct Table {
    reader: Box<Reader>,
    encoding: Encoding,
    utf16: Utf16,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// How much of both is filled.
    filled: (usize, usize),
    is_too_long: bool,
}

impl Table {
    pub(crate) fn new(settings: &Settings) -> Self {
        let reader = ReaderBuilder::new()
            .delimiter(settings.delimiter)
            .quote(settings.quote)
            .terminator(Terminator::CRLF)
            .build();
        Self {
            reader: Box::new(reader),
            encoding: settings.encoding,
            utf16: Utf16::default(),
            bytes: vec![0; ROW_BYTES_MAX],
            ends: vec![0; COLUMNS_MAX],
            filled: (0, 0),
            is_too_long: false,
        }
    }

    /// The rows that end in these bytes, each handed to `take`. At the end of the table `is_last` ends the last row, and
    /// another table may follow.
    pub(crate) fn read(&mut self, bytes: &[u8], is_last: bool, mut take: impl FnMut(Row)) {
        match self.encoding {
            Encoding::Utf16 { is_big_endian } => {
                let rewritten = self.utf16.rewrite(bytes, is_big_endian);
                self.feed(&rewritten, &mut take);
            }
            _ => self.feed(bytes, &mut take),
        }
        if is_last {
            // Nothing more to read ends a row without a line end, and then the table.
            while self.step(&[], &mut take).is_some_and(|_| self.filled != (0, 0)) {}
            if self.is_too_long {
                take(Row::TooLong);
            }
            self.reader.reset();
            self.filled = (0, 0);
            self.is_too_long = false;
        }
    }

    fn feed(&mut self, mut bytes: &[u8], take: &mut impl FnMut(Row)) {
        while !bytes.is_empty() {
            let Some(read) = self.step(bytes, take) else { return };
            bytes = bytes.get(read..).unwrap_or_default();
        }
    }

    /// One step of the reader; how many bytes it has read, none at the end.
    fn step(&mut self, input: &[u8], take: &mut impl FnMut(Row)) -> Option<usize> {
        let (filled, ended) = self.filled;
        let output = self.bytes.get_mut(filled..).unwrap_or_default();
        let ends = self.ends.get_mut(ended..).unwrap_or_default();
        let (result, read, written, ends) = self.reader.read_record(input, output, ends);
        self.filled = (filled.saturating_add(written), ended.saturating_add(ends));
        match result {
            ReadRecordResult::InputEmpty => {}
            // What is there is thrown away, and the rest of the row after it.
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                self.is_too_long = true;
                self.filled = (0, 0);
            }
            ReadRecordResult::Record => {
                let row = if self.is_too_long { Row::TooLong } else { Row::Fields(self.fields()) };
                self.is_too_long = false;
                self.filled = (0, 0);
                take(row);
            }
            ReadRecordResult::End => return None,
        }
        Some(read)
    }

    fn fields(&self) -> Vec<String> {
        let mut from = 0;
        let ends = self.ends.get(..self.filled.1).unwrap_or_default();
        let fields = ends.iter().map(|end| {
            let field = self.bytes.get(from..*end).unwrap_or_default();
            from = *end;
            let field = field.strip_prefix(UTF8_MARK).unwrap_or(field);
            self.encoding.text(field.trim_ascii())
        });
        fields.collect()
    }
}
