//! The command line of polisearch; all that it does is done by the library.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
