package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pushforward/internal/paper"
)

// asCommand makes the test's own binary behave as pushforward: no second build.
const asCommand = "PUSHFORWARD_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}

// command is a call of pushforward in a folder.
func command(t testing.TB, dir string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	c := exec.CommandContext(ctx, self, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), asCommand+"=1")
	return c
}

func run(t testing.TB, c *exec.Cmd) (code int, stdout, stderr string) {
	t.Helper()
	var out, errOut bytes.Buffer
	if c.Stdout == nil {
		c.Stdout = &out
	}
	c.Stderr = &errOut
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), out.String(), errOut.String()
}

// mustRun runs a call that has to succeed without a word on standard error.
func mustRun(t testing.TB, dir string, args ...string) (stdout string) {
	t.Helper()
	code, stdout, stderr := run(t, command(t, dir, args...))
	if code != 0 || stderr != "" {
		t.Fatalf("pushforward %s: code %d, %s", strings.Join(args, " "), code, stderr)
	}
	return stdout
}

// result runs a call with --json and reads what it prints.
func result(t testing.TB, dir string, args ...string) map[string]any {
	t.Helper()
	var r map[string]any
	stdout := mustRun(t, dir, append(args, "--json")...)
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("pushforward %s --json printed %q: %v", strings.Join(args, " "), stdout, err)
	}
	return r
}

func read(t testing.TB, elem ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// commands are what `pushforward help` lists.
func commands(t testing.TB) []string {
	t.Helper()
	_, list, found := strings.Cut(mustRun(t, "", "help"), "Commands:\n")
	list, _, ended := strings.Cut(list, "\n\n")
	if !found || !ended {
		t.Fatal("help has no list of commands")
	}
	var names []string
	for line := range strings.Lines(list) {
		if name := strings.Fields(line)[0]; name != "help" {
			names = append(names, name)
		}
	}
	return names
}

func TestEveryCommandHasHelpAndTheCommonOptions(t *testing.T) {
	names := commands(t)
	if len(names) < 8 {
		t.Errorf("only %q are there", names)
	}
	for _, name := range names {
		help := mustRun(t, "", name, "--help")
		for _, part := range []string{"Usage:\n  pushforward " + name, "--seed", "--threads", "--json", "--help", "Example:\n"} {
			if !strings.Contains(help, part) {
				t.Errorf("the help of %s has no %q", name, part)
			}
		}
		for line := range strings.Lines(help) {
			if len(line) > 130 {
				t.Errorf("the help of %s has a line of %d letters: %s", name, len(line), line)
			}
		}
	}
}

func TestExamplesRunAsPrinted(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every example")
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell here")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(self, filepath.Join(bin, "pushforward")); err != nil {
		t.Fatal(err)
	}
	for _, name := range commands(t) {
		t.Run(name, func(t *testing.T) {
			_, example, _ := strings.Cut(mustRun(t, "", name, "--help"), "Example:\n")
			if !strings.Contains(example, "pushforward "+name) {
				t.Fatalf("the example does not show %s: %s", name, example)
			}
			c := exec.Command(sh, "-e", "-c", example)
			c.Dir = t.TempDir()
			c.Env = append(os.Environ(), asCommand+"=1", "PATH="+bin+":"+os.Getenv("PATH"))
			if code, _, stderr := run(t, c); code != 0 || stderr != "" {
				t.Errorf("code %d, %s, from\n%s", code, stderr, example)
			}
			if name == "paper" {
				for _, file := range paper.Files("double-well") {
					if b := read(t, c.Dir, "results", file); len(b) < 1000 {
						t.Errorf("%s has only %d bytes", file, len(b))
					}
				}
			}
		})
	}
}

func TestVersionAndCPUTellWhatRuns(t *testing.T) {
	v := result(t, "", "version")
	if v["isa"] == "" || v["cpu"] == "" || !strings.HasPrefix(v["go"].(string), "go") {
		t.Errorf("version is %v", v)
	}
	c := result(t, "", "cpu")
	available := c["available"].([]any)
	if available[0] != "go" || c["active"] != available[len(available)-1] && os.Getenv("PUSHFORWARD_ISA") == "" {
		t.Errorf("cpu is %v", c)
	}
	for _, name := range []string{"cpu", "version"} {
		if out := mustRun(t, "", name); !strings.Contains(out, c["name"].(string)) || !strings.Contains(out, c["active"].(string)) {
			t.Errorf("%s does not name the CPU and the instruction set: %s", name, out)
		}
	}
}

func TestTheInstructionSetIsChosenByTheEnvironment(t *testing.T) {
	c := command(t, "", "cpu", "--json")
	c.Env = append(c.Env, "PUSHFORWARD_ISA=go")
	if code, stdout, stderr := run(t, c); code != 0 || !strings.Contains(stdout, `"active": "go"`) {
		t.Errorf("code %d, %s%s", code, stdout, stderr)
	}
	c = command(t, "", "cpu")
	c.Env = append(c.Env, "PUSHFORWARD_ISA=mmx")
	if code, stdout, stderr := run(t, c); code != 1 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "PUSHFORWARD_ISA") {
		t.Errorf("code %d, %q, %q", code, stdout, stderr)
	}
}
