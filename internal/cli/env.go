package cli

import (
	"encoding/json"
	"fmt"
	"io"
)

// Env is what a running subcommand has to do with the outside.
type Env struct {
	JSON    bool
	Seed    uint64
	Threads int // 0: all; GOMAXPROCS is set to it already

	stdout, stderr io.Writer
	terminal       bool
	progress       *Progress
}

// Result prints the result on standard output: value as JSON with --json,
// otherwise what text writes.
func (e *Env) Result(value any, text func(w io.Writer)) error {
	e.closeProgress()
	if !e.JSON {
		text(e.stdout)
		return nil
	}
	encoder := json.NewEncoder(e.stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// Notef prints a line on standard error.
func (e *Env) Notef(format string, args ...any) {
	if e.progress != nil {
		e.progress.erase()
	}
	fmt.Fprintf(e.stderr, format+"\n", args...)
}
