// Package cli is the frame of a command with subcommands: options, help,
// results as text or JSON, progress, signals and exit codes.
//
// A subcommand is a Command: its options are defined on a flag.FlagSet of the
// standard library, and its Run returns an error that becomes one line on
// standard error. Options may stand before and after the other arguments, as
// --name value or --name=value.
//
// Every subcommand has --seed, --threads, --json and --help. With --json the
// result goes to standard output as JSON; everything else (progress, notes,
// errors) goes to standard error always.
package cli

// Exit codes.
const (
	Done   = 0 // all went well
	Failed = 1 // something went wrong: the data, a file, an interruption
	Wrong  = 2 // the command was called in a wrong way
)
