//! Reading an export, line by line, from somebody who may want to harm us.

use std::io::{self, BufRead, Read};

use serde::de::DeserializeOwned;

use super::MAX_LINE_BYTES;
use super::line::{BadField, EndLine, EntryLine, ExportHeader, HeaderLine, VERSION, VersionLine};
use crate::chain::ChainedEntry;
use crate::seal::SealedHead;

/// Why an export cannot be read. Lines are counted from 1.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The input refused.
    #[error("line {line} cannot be read")]
    Io {
        /// The line.
        line: u64,
        /// Why.
        source: io::Error,
    },
    /// It is something else.
    #[error("line 1 is not the beginning of an audit export")]
    NotAnExport,
    /// It is in a version of the format that this program does not know.
    #[error("the export is in version {version} of the format; only version {VERSION} is known")]
    UnknownVersion {
        /// Its version.
        version: u64,
    },
    /// A line has more than [`MAX_LINE_BYTES`] bytes.
    #[error("line {line} has more than {MAX_LINE_BYTES} bytes")]
    LineTooLong {
        /// The line.
        line: u64,
    },
    /// A line is not JSON of the expected shape.
    #[error("line {line} is malformed at column {column}")]
    Malformed {
        /// The line.
        line: u64,
        /// The column, counted from 1.
        column: usize,
    },
    /// A field has no valid value.
    #[error("line {line} has no valid `{field}`")]
    BadField {
        /// The line.
        line: u64,
        /// The field.
        field: &'static str,
    },
    /// The last line is missing.
    #[error("the export is truncated: it stops at line {line}")]
    Truncated {
        /// The line that is missing or incomplete.
        line: u64,
    },
    /// The last line counts other entries than there are.
    #[error("the export has {found} entries, but line {line} says {expected}")]
    CountDiffers {
        /// The last line.
        line: u64,
        /// What it says.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// Something follows the last line.
    #[error("line {line} comes after the end of the export")]
    AfterEnd {
        /// The line.
        line: u64,
    },
}

/// An export whose first line was read. It keeps one line in memory.
#[derive(Debug)]
pub struct ExportReader<R> {
    lines: BoundedLines<R>,
    header: ExportHeader,
    entries: u64,
    end: Option<Option<SealedHead>>,
}

impl<R: BufRead> ExportReader<R> {
    /// Reads the first line.
    pub fn open(input: R) -> Result<Self, ReadError> {
        let mut lines = BoundedLines { input, number: 0, terminated: true, bytes: Vec::new() };
        if !lines.advance()? {
            return Err(ReadError::Truncated { line: 1 });
        }
        let version: VersionLine = lines.parse().map_err(|error| match error {
            ReadError::Truncated { line } => ReadError::Truncated { line },
            _ => ReadError::NotAnExport,
        })?;
        if version.turnkeep_audit != VERSION {
            return Err(ReadError::UnknownVersion { version: version.turnkeep_audit });
        }
        let header = lines.parse::<HeaderLine>()?.into_header().map_err(|bad| lines.bad(&bad))?;
        Ok(Self { lines, header, entries: 0, end: None })
    }

    /// What it is an export of.
    pub fn header(&self) -> &ExportHeader {
        &self.header
    }

    /// The next entry; `None` behind the last one, when the end of the export was read and is well-formed.
    pub fn next_entry(&mut self) -> Result<Option<ChainedEntry>, ReadError> {
        if self.end.is_some() {
            return Ok(None);
        }
        if !self.lines.advance()? {
            return Err(ReadError::Truncated { line: self.lines.number });
        }
        match self.lines.parse::<EntryLine>() {
            Ok(line) => {
                self.entries = self.entries.saturating_add(1);
                line.into_entry().map(Some).map_err(|bad| self.lines.bad(&bad))
            }
            Err(no_entry) => match self.lines.parse::<EndLine>() {
                Ok(line) => self.read_end(line).map(|()| None),
                Err(cut_off @ ReadError::Truncated { .. }) => Err(cut_off),
                Err(_) => Err(no_entry),
            },
        }
    }

    /// The head that the last line names. `None` until that was read, and if it names none.
    pub fn head(&self) -> Option<&SealedHead> {
        self.end.as_ref().and_then(Option::as_ref)
    }

    fn read_end(&mut self, EndLine { end }: EndLine) -> Result<(), ReadError> {
        let (line, expected, found) = (self.lines.number, end.entries, self.entries);
        if expected != found {
            return Err(ReadError::CountDiffers { line, expected, found });
        }
        let head = end.into_head(self.header.instance_id).map_err(|bad| self.lines.bad(&bad))?;
        if self.lines.advance()? {
            return Err(ReadError::AfterEnd { line: self.lines.number });
        }
        self.end = Some(head);
        Ok(())
    }
}

#[derive(Debug)]
struct BoundedLines<R> {
    input: R,
    /// Of the line in `bytes`; at the end of the input, of the line that is not there.
    number: u64,
    terminated: bool,
    bytes: Vec<u8>,
}

impl<R: BufRead> BoundedLines<R> {
    /// Reads the next line. `false` at the end of the input.
    fn advance(&mut self) -> Result<bool, ReadError> {
        self.number = self.number.saturating_add(1);
        let line = self.number;
        self.bytes.clear();
        let bound = u64::try_from(MAX_LINE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        let mut bounded = Read::take(&mut self.input, bound);
        bounded.read_until(b'\n', &mut self.bytes).map_err(|source| ReadError::Io { line, source })?;
        self.terminated = self.bytes.last() == Some(&b'\n');
        if MAX_LINE_BYTES < self.bytes.len() && !self.terminated {
            return Err(ReadError::LineTooLong { line });
        }
        Ok(!self.bytes.is_empty())
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, ReadError> {
        let line = self.number;
        serde_json::from_slice(&self.bytes).map_err(|error| {
            // A line without its end that is incomplete was cut off; what is wrong otherwise was changed.
            if error.is_eof() && !self.terminated {
                ReadError::Truncated { line }
            } else {
                ReadError::Malformed { line, column: error.column() }
            }
        })
    }

    fn bad(&self, bad: &BadField) -> ReadError {
        ReadError::BadField { line: self.number, field: bad.0 }
    }
}
