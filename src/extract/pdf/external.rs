//! PDF through Poppler's `pdftotext`, for those who ask for it and have it.

use std::io::{Seek, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{Error, Pdf, document};
use crate::extract::{packed, text};
use crate::paper::RawPaper;

const PROGRAM: &str = "pdftotext";

/// Reads a PDF with `pdftotext`, in the order of drawing; ends the program once `cancelled`.
pub(in crate::extract) fn read(bytes: Vec<u8>, max_bytes: u64, cancelled: &Arc<AtomicBool>) -> Result<RawPaper, Error> {
    let no_program = |source| Error::Program { program: PROGRAM, source };
    let (mut input, output) = (tempfile::NamedTempFile::new()?, tempfile::tempfile()?);
    input.write_all(&bytes)?;
    let mut child = Command::new(PROGRAM)
        .args(["-q", "-raw", "-enc", "UTF-8"])
        .arg(input.path())
        .arg("-")
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(Stdio::null())
        .spawn()
        .map_err(no_program)?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if cancelled.load(Ordering::Relaxed) {
            child.kill()?;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    // What Poppler's manual says of its exit codes.
    match status.code() {
        Some(0) => {}
        Some(3) => return Err(Error::Encrypted),
        code => {
            let reason = code.map_or("it was killed".to_owned(), |code| format!("exit code {code}"));
            return Err(Error::ProgramFailed { program: PROGRAM, reason });
        }
    }
    let mut output = output;
    output.rewind()?;
    let written = packed::read_all(output, max_bytes)?;
    let n_pages = memchr::memchr_iter(0x0C, &written).count();
    let mut paper = match text::read(written) {
        Err(Error::Empty) => return Err(Error::NeedsOcr { n_pages }),
        read => read?,
    };
    paper.map = None;
    if let Ok(pdf) = Pdf::new(bytes) {
        for (page, label) in paper.pages.iter_mut().zip(document::labels(&pdf, n_pages)) {
            page.label = label;
        }
        paper.biblio = document::biblio(&pdf);
    }
    Ok(paper)
}
