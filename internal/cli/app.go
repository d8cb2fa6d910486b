package cli

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
)

// App is a command with subcommands.
type App struct {
	Name        string
	Description string
	Commands    []*Command
	// Before, where not nil, runs before every subcommand's Run.
	Before func() error
}

// Main runs the subcommand that the arguments of the process name, and exits.
func (a *App) Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second Ctrl-C ends the process at once
	}()
	code := a.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	os.Exit(code)
}

// Run runs the subcommand that args name, and returns the exit code.
func (a *App) Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := bufio.NewWriter(stdout)
	name, err := a.run(ctx, args, out, stderr)
	if flushErr := out.Flush(); err == nil && flushErr != nil {
		var pathError *fs.PathError
		if errors.As(flushErr, &pathError) {
			flushErr = pathError.Err
		}
		err = fmt.Errorf("writing standard output: %w", flushErr)
	}
	if err == nil {
		return Done
	}
	var usage *UsageError
	isUsage := errors.As(err, &usage)
	// What users see is one line, whatever an error holds.
	line := strings.Join(strings.Fields(err.Error()), " ")
	switch {
	case isUsage:
		fmt.Fprintf(stderr, "%s: %s (see %[1]s --help)\n", name, line)
		return Wrong
	case Interrupted(ctx, err):
		// "context canceled" would tell a user nothing, what was saved does.
		saved := line
		for _, text := range []string{ctx.Err().Error(), context.Cause(ctx).Error()} {
			saved = strings.TrimSuffix(strings.TrimSuffix(saved, text), ": ")
		}
		fmt.Fprintf(stderr, "%s: interrupted%s\n", name, prefixed(": ", saved))
	default:
		fmt.Fprintf(stderr, "%s: %s\n", name, line)
	}
	return Failed
}

func (a *App) run(ctx context.Context, args []string, stdout, stderr io.Writer) (name string, err error) {
	if len(args) == 0 {
		return a.Name, Usagef("no command given, want one of %s", strings.Join(a.names(), ", "))
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		if args[0] != "help" || len(args) == 1 || strings.HasPrefix(args[1], "-") {
			a.list(stdout)
			return a.Name, nil
		}
		args = []string{args[1], "--help"}
	case "--version":
		args = []string{"version"}
	}
	c := a.find(args[0])
	if c == nil {
		return a.Name, Usagef("unknown command %q, want one of %s", args[0], strings.Join(a.names(), ", "))
	}
	name = a.Name + " " + c.Name

	var set settings
	defineCommon(&c.Flags, &set, c.NoRandomness)
	rest, err := parse(&c.Flags, args[1:])
	if errors.Is(err, flag.ErrHelp) {
		a.help(stdout, c)
		return name, nil
	}
	if err != nil {
		return name, err
	}
	switch {
	case len(rest) < c.MinArgs:
		return name, Usagef("%d arguments, want %s", len(rest), c.Args)
	case len(rest) > c.MaxArgs && c.MaxArgs == 0:
		return name, Usagef("unexpected argument %q", rest[0])
	case len(rest) > c.MaxArgs:
		return name, Usagef("unexpected argument %q, want %s", rest[c.MaxArgs], c.Args)
	}
	if a.Before != nil {
		if err := a.Before(); err != nil {
			return name, err
		}
	}
	if set.threads > 0 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(set.threads))
	}
	env := &Env{
		JSON: set.json, Seed: set.seed, Threads: set.threads,
		stdout: stdout, stderr: stderr, terminal: isTerminal(stderr),
	}
	err = c.Run(ctx, env, rest)
	env.closeProgress()
	return name, err
}

// Interrupted tells whether err is there because ctx ended.
func Interrupted(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx)))
}

func (a *App) find(name string) *Command {
	for _, c := range a.Commands {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func (a *App) names() []string {
	var names []string
	for _, c := range a.Commands {
		names = append(names, c.Name)
	}
	return append(names, "help")
}

// settings are the options that every command has.
type settings struct {
	seed    uint64
	threads int
	json    bool
}

// maxThreads keeps a slip of the finger from starting a million threads.
const maxThreads = 4096

func defineCommon(flags *flag.FlagSet, s *settings, noRandomness bool) {
	usage := "`S` names the random numbers: the same seed gives the same bits on every machine"
	if noRandomness {
		usage = "`S`: without effect, this command draws no random numbers"
	}
	flags.Uint64Var(&s.seed, "seed", 0, usage)
	flags.Var(&threads{&s.threads}, "threads", "use at most `N` threads, 0 for all; results do not depend on it")
	flags.BoolVar(&s.json, "json", false, "print the result as JSON")
}

type threads struct{ value *int }

func (t *threads) String() string {
	if t.value == nil {
		return "0"
	}
	return fmt.Sprint(*t.value)
}
func (t *threads) Expects() string { return fmt.Sprintf("a whole number from 0 to %d", maxThreads) }
func (t *threads) Set(s string) error {
	c := count{least: 0}
	if err := c.Set(s); err != nil {
		return err
	}
	if c.value > maxThreads {
		return fmt.Errorf("want %s", t.Expects())
	}
	*t.value = c.value
	return nil
}
