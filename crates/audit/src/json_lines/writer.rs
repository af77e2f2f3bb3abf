//! Writing an export, line by line.

use std::io::{self, Write};

use serde::Serialize;

use super::MAX_LINE_BYTES;
use super::line::{EndLine, EntryLine, ExportHeader, HeaderLine};
use super::one_line::to_one_line;
use crate::chain::ChainedEntry;
use crate::seal::SealedHead;

/// Why an export could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The output refused.
    #[error("the export cannot be written")]
    Io(#[from] io::Error),
    /// A value could not become JSON.
    #[error("an entry cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A line would have more than [`MAX_LINE_BYTES`] bytes, and no reader would take it.
    #[error("a line would have more than {MAX_LINE_BYTES} bytes")]
    LineTooLong,
}

/// An export that has begun. Without [`ExportWriter::end`], readers call it truncated.
#[derive(Debug)]
pub struct ExportWriter<W> {
    output: W,
    entries: u64,
}

impl<W: Write> ExportWriter<W> {
    /// Writes the first line.
    pub fn begin(mut output: W, header: &ExportHeader) -> Result<Self, WriteError> {
        write_line(&mut output, &HeaderLine::from(header))?;
        Ok(Self { output, entries: 0 })
    }

    /// Writes an entry. They come in the order of their positions.
    pub fn write_entry(&mut self, entry: &ChainedEntry) -> Result<(), WriteError> {
        write_line(&mut self.output, &EntryLine::from(entry))?;
        self.entries = self.entries.saturating_add(1);
        Ok(())
    }

    /// The output, for those who pass on what was written so far.
    pub fn output_mut(&mut self) -> &mut W {
        &mut self.output
    }

    /// Writes the last line and flushes.
    pub fn end(mut self, head: Option<&SealedHead>) -> Result<W, WriteError> {
        write_line(&mut self.output, &EndLine::new(self.entries, head))?;
        self.output.flush()?;
        Ok(self.output)
    }
}

fn write_line(output: &mut impl Write, value: &impl Serialize) -> Result<(), WriteError> {
    let mut line = to_one_line(value)?;
    if MAX_LINE_BYTES < line.len() {
        return Err(WriteError::LineTooLong);
    }
    line.push(b'\n');
    output.write_all(&line)?;
    Ok(())
}
