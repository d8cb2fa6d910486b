package cli

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

// help prints how to call a command.
func (a *App) help(w io.Writer, c *Command) {
	fmt.Fprintf(w, "%s\n\nUsage:\n  %s %s%s [options]\n", c.Summary, a.Name, c.Name, prefixed(" ", c.Args))
	if c.Description != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(c.Description))
	}
	var common flag.FlagSet
	defineCommon(&common, &settings{}, c.NoRandomness)
	fmt.Fprint(w, "\nOptions:\n")
	c.Flags.VisitAll(func(f *flag.Flag) {
		if common.Lookup(f.Name) == nil {
			option(w, f)
		}
	})
	common.VisitAll(func(f *flag.Flag) { option(w, f) })
	fmt.Fprintf(w, "  --help\n        print this\n")
	if c.Example != "" {
		fmt.Fprint(w, "\nExample:\n")
		for line := range strings.Lines(strings.TrimSpace(c.Example)) {
			fmt.Fprintf(w, "  %s\n", strings.TrimSpace(line))
		}
	}
}

func option(w io.Writer, f *flag.Flag) {
	value, must := f.Value, ""
	if r, ok := value.(required); ok {
		value, must = r.Value, " (required)"
	}
	plain := *f
	plain.Value = value
	placeholder, usage := flag.UnquoteUsage(&plain)
	switch value.(type) {
	case *count:
		placeholder = named(placeholder, "N")
	case *checkedNumber:
		placeholder = named(placeholder, "X")
	case *numbers:
		placeholder = named(placeholder, "X,...")
	case *counts:
		placeholder = named(placeholder, "N,...")
	}
	if c, ok := value.(*choice); ok {
		usage = strings.TrimPrefix(usage, strings.Join(c.words, "|")+": ")
	}
	preset := ""
	if d := f.DefValue; must == "" && d != "" && d != "false" && d != "0s" {
		preset = fmt.Sprintf(" (default %s)", d)
	}
	fmt.Fprintf(w, "  --%s%s\n        %s%s%s\n", f.Name, prefixed(" ", placeholder), usage, must, preset)
}

// named keeps a placeholder that the usage gives in backquotes.
func named(placeholder, otherwise string) string {
	if placeholder == "value" || placeholder == "" {
		return otherwise
	}
	return placeholder
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

// list prints the commands.
func (a *App) list(w io.Writer) {
	fmt.Fprintf(w, "%s\n\nUsage:\n  %s COMMAND [options]\n\nCommands:\n", strings.TrimSpace(a.Description), a.Name)
	for _, c := range a.Commands {
		fmt.Fprintf(w, "  %-10s %s\n", c.Name, c.Summary)
	}
	fmt.Fprintf(w, "  %-10s %s\n", "help", "print this, or the help of a command")
	fmt.Fprintf(w, "\n%s COMMAND --help tells more, with an example.\nExit codes: 0 done, 1 failed, 2 wrong usage.\n", a.Name)
}
