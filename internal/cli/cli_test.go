package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// seen is what the test's command was given.
type seen struct {
	n       int
	rate    float64
	share   float64
	method  string
	period  []float64
	hidden  []int
	quick   bool
	out     string
	args    []string
	seed    uint64
	threads int
	given   bool
}

// tool makes an app with one command that records what it was given.
func tool(s *seen, fail error) *App {
	c := &Command{
		Name: "w2", Args: "A.npy B.npy", MinArgs: 1, MaxArgs: 2,
		Summary:     "distance between clouds",
		Description: "The distance of two clouds.",
		Example:     "tool w2 --out x a.npy b.npy",
	}
	n := Count(&c.Flags, "n", 10, 1, "how many")
	rate := Positive(&c.Flags, "rate", 0.5, "learning rate")
	share := Share(&c.Flags, "holdout", 0.1, "share")
	method := Choice(&c.Flags, "method", "how to compute", "exact", "1d")
	period := Numbers(&c.Flags, "period", "periods of the coordinates")
	hidden := Counts(&c.Flags, "hidden", []int{128}, 1, "widths")
	quick := c.Flags.Bool("quick", false, "be quick")
	out := c.Flags.String("out", "", "write to `FILE`")
	c.Require("out")
	c.Run = func(_ context.Context, env *Env, args []string) error {
		*s = seen{*n, *rate, *share, *method, *period, *hidden, *quick, *out, args, env.Seed, env.Threads, c.Given("n")}
		if fail != nil {
			return fail
		}
		return env.Result(map[string]int{"n": *n}, func(w io.Writer) { fmt.Fprintf(w, "n is %d\n", *n) })
	}
	return &App{Name: "tool", Description: "A tool.", Commands: []*Command{c}}
}

func run(a *App, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = a.Run(context.Background(), args, &out, &err)
	return code, out.String(), err.String()
}

func TestOptionsStandAnywhereAndInBothForms(t *testing.T) {
	for _, args := range [][]string{
		{"w2", "a", "b", "--n", "5", "--rate", "1e-3", "--method", "1d", "--period", "1,2.5", "--hidden=3,4", "--quick", "--out", "x", "--seed", "18446744073709551615"},
		{"w2", "--n=5", "--rate=1e-3", "a", "--method=1d", "--period=1, 2.5", "--hidden", "3,4", "--quick=true", "--out=x", "b", "--seed=18446744073709551615"},
		{"w2", "-n", "5", "-rate", "0.001", "-method=1d", "-period", "1,2.5", "-hidden=3,4", "-quick", "-out", "x", "-seed", "18446744073709551615", "--", "a", "b"},
	} {
		var s seen
		if code, _, stderr := run(tool(&s, nil), args...); code != Done {
			t.Errorf("%q: code %d, %s", args, code, stderr)
			continue
		}
		if s.n != 5 || s.rate != 1e-3 || s.method != "1d" || !slices.Equal(s.period, []float64{1, 2.5}) ||
			!slices.Equal(s.hidden, []int{3, 4}) || !s.quick || s.out != "x" || !slices.Equal(s.args, []string{"a", "b"}) ||
			s.seed != 1<<64-1 || !s.given {
			t.Errorf("%q gave %+v", args, s)
		}
	}
	var s seen
	run(tool(&s, nil), "w2", "--out=x", "--", "--n")
	if !slices.Equal(s.args, []string{"--n"}) || s.n != 10 || s.given {
		t.Errorf("after --, options are arguments: %+v", s)
	}
	run(tool(&s, nil), "w2", "--out=x", "--n=2e6", "-")
	if s.n != 2_000_000 || !slices.Equal(s.args, []string{"-"}) {
		t.Errorf("an exponent, and - as argument: %+v", s)
	}
}

func TestWrongUsageIsOneLineAndCodeTwo(t *testing.T) {
	for _, c := range []struct {
		name, args, want string
	}{
		{"no command", "", "tool: no command given, want one of w2, help (see tool --help)"},
		{"an unknown command", "w3", `tool: unknown command "w3", want one of w2, help (see tool --help)`},
		{"help of an unknown command", "help w3", `tool: unknown command "w3", want one of w2, help (see tool --help)`},
		{"an unknown option", "w2 a --foo 5", "tool w2: unknown option --foo (see tool w2 --help)"},
		{"an unknown option with a value", "w2 a --foo=5", "tool w2: unknown option --foo (see tool w2 --help)"},
		{"an option with a slip", "w2 a --methid=1d", "tool w2: unknown option --methid, did you mean --method? (see tool w2 --help)"},
		{"an option without value", "w2 a --n", "tool w2: option --n needs a value: how many (see tool w2 --help)"},
		{"no number", "w2 a --n ten", `tool w2: option --n: "ten": want a whole number of 1 or more (see tool w2 --help)`},
		{"a fraction", "w2 a --n 1.5", `tool w2: option --n: "1.5": want a whole number of 1 or more (see tool w2 --help)`},
		{"too small a number", "w2 a --n 0", `tool w2: option --n: "0": want a whole number of 1 or more (see tool w2 --help)`},
		{"too large a number", "w2 a --n 1e30", `tool w2: option --n: "1e30": want a whole number of 1 or more (see tool w2 --help)`},
		{"a rate of 0", "w2 a --rate 0", `tool w2: option --rate: "0": want a number above 0 (see tool w2 --help)`},
		{"a rate of NaN", "w2 a --rate nan", `tool w2: option --rate: "nan": want a number above 0 (see tool w2 --help)`},
		{"a share of 1", "w2 a --holdout 1", `tool w2: option --holdout: "1": want a number from 0 to less than 1 (see tool w2 --help)`},
		{"an unknown word", "w2 a --method fast", `tool w2: option --method: "fast": want exact or 1d (see tool w2 --help)`},
		{"a list with a gap", "w2 a --period 1,,2", `tool w2: option --period: "1,,2": want numbers with commas between them, such as 360,360 (see tool w2 --help)`},
		{"a list of infinities", "w2 a --period inf", `tool w2: option --period: "inf": want numbers with commas between them, such as 360,360 (see tool w2 --help)`},
		{"a width of 0", "w2 a --hidden 64,0", `tool w2: option --hidden: "64,0": want whole numbers of 1 or more with commas between them, such as 128,128 (see tool w2 --help)`},
		{"a seed below 0", "w2 a --seed -1", `tool w2: option --seed: "-1": want a whole number of 0 or more (see tool w2 --help)`},
		{"a seed beyond 64 bits", "w2 a --seed 18446744073709551616", `tool w2: option --seed: "18446744073709551616": want a whole number of 0 or more (see tool w2 --help)`},
		{"too many threads", "w2 a --threads 1000000", `tool w2: option --threads: "1000000": want a whole number from 0 to 4096 (see tool w2 --help)`},
		{"a boolean that is none", "w2 a --quick=maybe", `tool w2: option --quick: "maybe": want true or false (see tool w2 --help)`},
		{"a required option left out", "w2 a", "tool w2: missing --out (see tool w2 --help)"},
		{"too few arguments", "w2 --out x", "tool w2: 0 arguments, want A.npy B.npy (see tool w2 --help)"},
		{"too many arguments", "w2 --out x a b c", `tool w2: unexpected argument "c", want A.npy B.npy (see tool w2 --help)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s seen
			code, stdout, stderr := run(tool(&s, nil), strings.Fields(c.args)...)
			if code != Wrong || stdout != "" || stderr != c.want+"\n" {
				t.Errorf("code %d, stdout %q, stderr\n%q, want\n%q", code, stdout, stderr, c.want+"\n")
			}
		})
	}
}

func TestHelpTellsTheOptions(t *testing.T) {
	want := `distance between clouds

Usage:
  tool w2 A.npy B.npy [options]

The distance of two clouds.

Options:
  --hidden N,...
        widths (default 128)
  --holdout X
        share (default 0.1)
  --method exact|1d
        how to compute (default exact)
  --n N
        how many (default 10)
  --out FILE
        write to FILE (required)
  --period X,...
        periods of the coordinates
  --quick
        be quick
  --rate X
        learning rate (default 0.5)
  --json
        print the result as JSON
  --seed S
        S names the random numbers: the same seed gives the same bits on every machine (default 0)
  --threads N
        use at most N threads, 0 for all; results do not depend on it (default 0)
  --help
        print this

Example:
  tool w2 --out x a.npy b.npy
`
	for _, args := range []string{"w2 --help", "help w2", "w2 a b -h", "w2 --n 5 -help"} {
		var s seen
		code, stdout, stderr := run(tool(&s, nil), strings.Fields(args)...)
		if code != Done || stderr != "" || stdout != want {
			t.Errorf("%s: code %d, %s, printed\n%s", args, code, stderr, stdout)
		}
	}
	for _, args := range []string{"help", "--help", "-h"} {
		var s seen
		code, stdout, _ := run(tool(&s, nil), args)
		if code != Done || !strings.Contains(stdout, "w2         distance between clouds") {
			t.Errorf("%s: code %d, printed\n%s", args, code, stdout)
		}
	}
}

func TestResultsAreTextOrJSON(t *testing.T) {
	var s seen
	if code, stdout, _ := run(tool(&s, nil), "w2", "a", "--out=x"); code != Done || stdout != "n is 10\n" {
		t.Errorf("code %d, printed %q", code, stdout)
	}
	code, stdout, _ := run(tool(&s, nil), "w2", "a", "--out=x", "--json")
	var result map[string]int
	if err := json.Unmarshal([]byte(stdout), &result); code != Done || err != nil || result["n"] != 10 {
		t.Errorf("code %d, printed %q", code, stdout)
	}
}

func TestFailuresAreOneLineAndCodeOne(t *testing.T) {
	var s seen
	code, stdout, stderr := run(tool(&s, errors.New("x.npy: bad\nvery bad")), "w2", "a", "--out=x")
	if code != Failed || stdout != "" || stderr != "tool w2: x.npy: bad very bad\n" {
		t.Errorf("code %d, %q, %q", code, stdout, stderr)
	}
	code, _, stderr = run(tool(&s, Usagef("--n is too large")), "w2", "a", "--out=x")
	if code != Wrong || stderr != "tool w2: --n is too large (see tool w2 --help)\n" {
		t.Errorf("code %d, %q", code, stderr)
	}
	a := tool(&s, nil)
	a.Before = func() error { return errors.New("no such instruction set") }
	if code, _, stderr = run(a, "w2", "a", "--out=x"); code != Failed || stderr != "tool w2: no such instruction set\n" {
		t.Errorf("code %d, %q", code, stderr)
	}
	if code := tool(&s, nil).Run(context.Background(), []string{"w2", "a", "--out=x"}, full{}, io.Discard); code != Failed {
		t.Errorf("a full standard output gives code %d", code)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestInterruptionsSayWhatWasSaved(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for want, fail := range map[string]error{
		"tool w2: interrupted\n":                  ctx.Err(),
		"tool w2: interrupted: saved in m.ckpt\n": fmt.Errorf("saved in m.ckpt: %w", ctx.Err()),
	} {
		var s seen
		var stderr bytes.Buffer
		code := tool(&s, fail).Run(ctx, []string{"w2", "a", "--out=x"}, io.Discard, &stderr)
		if code != Failed || stderr.String() != want {
			t.Errorf("code %d, %q, want %q", code, stderr.String(), want)
		}
	}
}

func TestThreadsLimitTheProcess(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	inside := 0
	c := &Command{Name: "x", Run: func(context.Context, *Env, []string) error {
		inside = runtime.GOMAXPROCS(0)
		return nil
	}}
	run(&App{Name: "tool", Commands: []*Command{c}}, "x", "--threads", "3")
	if inside != 3 || runtime.GOMAXPROCS(0) != before {
		t.Errorf("GOMAXPROCS was %d inside, %d before, %d after", inside, before, runtime.GOMAXPROCS(0))
	}
}

func TestTheBarShowsOnATerminalAfterASecond(t *testing.T) {
	var stderr bytes.Buffer
	env := &Env{stderr: &stderr, stdout: io.Discard, terminal: true}
	now := time.Unix(1000, 0)
	p := env.Progress("training", "steps", 400)
	p.now = func() time.Time { return now }
	p.start = now
	p.Note("loss %.2f", 2.5)
	now = now.Add(999 * time.Millisecond)
	p.Set(50)
	if stderr.Len() > 0 {
		t.Errorf("showed %q before a second", stderr.String())
	}
	now = now.Add(time.Millisecond)
	p.Set(100)
	now = now.Add(time.Millisecond)
	p.Set(101) // too soon for another picture
	want := "\r\x1b[Ktraining  25% [======                  ] 100 steps/s, 3s left, loss 2.50"
	if stderr.String() != want {
		t.Errorf("showed\n%q, want\n%q", stderr.String(), want)
	}
	stderr.Reset()
	env.Result(nil, func(io.Writer) {})
	if stderr.String() != "\r\x1b[K" {
		t.Errorf("the bar was not removed: %q", stderr.String())
	}
	p.Set(400)
	if stderr.String() != "\r\x1b[K" {
		t.Errorf("a closed bar showed %q", stderr.String())
	}

	stderr.Reset()
	env.terminal = false
	p = env.Progress("training", "steps", 400)
	p.start = p.start.Add(-time.Hour)
	p.Set(100)
	p.Close()
	if stderr.Len() > 0 {
		t.Errorf("showed %q on no terminal", stderr.String())
	}
}

func TestRatesAndTimesAreShort(t *testing.T) {
	for v, want := range map[float64]string{0.5: "0.5", 12.34: "12.3", 999: "999", 999.8: "1k", 25_400_000: "25.4M", 3e9: "3G"} {
		if got := prefix(v); got != want {
			t.Errorf("prefix(%g) = %q, want %q", v, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		100 * time.Millisecond: "1s", 59 * time.Second: "59s", 61 * time.Second: "1m01s",
		3*time.Hour + 5*time.Minute: "3h05m", 1 << 62: "a long time",
	} {
		if got := short(d); got != want {
			t.Errorf("short(%v) = %q, want %q", d, got, want)
		}
	}
}
