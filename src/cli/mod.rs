//! `ecg`: one file a subcommand, thin faces of the library.
