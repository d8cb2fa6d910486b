package cli

import (
	"context"
	"flag"
	"fmt"
)

// Command is a subcommand.
type Command struct {
	// Name is the word that calls it.
	Name string
	// Args shows the arguments that are no options, such as "A.npy B.npy".
	Args string
	// MinArgs and MaxArgs say how many of them there may be.
	MinArgs, MaxArgs int
	// Summary is one line for the list of commands.
	Summary string
	// Description is some paragraphs for --help.
	Description string
	// Example has commands that run as printed, one a line.
	Example string
	// NoRandomness tells that --seed has no effect.
	NoRandomness bool
	// Flags are the command's own options.
	Flags flag.FlagSet
	// Run does the work. ctx ends when the user interrupts.
	Run func(ctx context.Context, env *Env, args []string) error
}

// required names the options that must be given.
type required struct{ flag.Value }

// Require marks options that must be given.
func (c *Command) Require(names ...string) {
	for _, name := range names {
		f := c.Flags.Lookup(name)
		if f == nil {
			panic(fmt.Sprintf("cli: Require: %s has no option --%s", c.Name, name))
		}
		f.Value = required{f.Value}
	}
}

// Given tells whether the user gave an option, even with its default value.
func (c *Command) Given(name string) bool {
	given := false
	c.Flags.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	return given
}

// UsageError is an error in how the command was called: exit code 2.
type UsageError struct{ message string }

func (e *UsageError) Error() string { return e.message }

// Usagef makes a UsageError.
func Usagef(format string, args ...any) error {
	return &UsageError{fmt.Sprintf(format, args...)}
}
