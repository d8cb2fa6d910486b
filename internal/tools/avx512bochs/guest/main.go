//go:build linux

// Command guest is the first process of the emulated machine: it runs /run/test with
// the arguments in /args, tells its exit code on the serial line, and ends the machine.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

func main() {
	code, err := run()
	if err != nil {
		fmt.Println("avx512-bochs: guest:", err)
	}
	fmt.Printf("\x1eavx512-bochs: exit %d\n", code)
	// Wait until the serial line has sent it all (tcdrain).
	unix.IoctlSetInt(int(os.Stdout.Fd()), unix.TCSBRK, 1)
	syscall.Reboot(syscall.LINUX_REBOOT_CMD_RESTART)
}

const exitMachine = 125

func run() (int, error) {
	for _, m := range [][2]string{{"devtmpfs", "/dev"}, {"proc", "/proc"}, {"sysfs", "/sys"}, {"tmpfs", "/tmp"}} {
		if err := syscall.Mount(m[0], m[1], m[0], 0, ""); err != nil {
			return exitMachine, fmt.Errorf("mount %s: %w", m[1], err)
		}
	}
	if err := needAVX512(); err != nil {
		return exitMachine, err
	}
	args, err := os.ReadFile("/args")
	if err != nil {
		return exitMachine, err
	}
	cmd := exec.Command("/run/test")
	if len(args) > 0 {
		cmd.Args = append(cmd.Args, strings.Split(string(args), "\x00")...)
	}
	cmd.Dir = "/run"
	cmd.Env = []string{"HOME=/tmp", "TMPDIR=/tmp", "PATH=/run", "PUSHFORWARD_REQUIRE_ISA=avx512"}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stdout
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if status := exit.Sys().(syscall.WaitStatus); status.Signaled() {
			fmt.Println("avx512-bochs: guest: killed by signal:", status.Signal())
			return 128 + int(status.Signal()), nil
		}
		return exit.ExitCode(), nil
	}
	if err != nil {
		return exitMachine, err
	}
	return 0, nil
}

// needAVX512 tells what AVX-512 lacks: Linux lists a feature only where it keeps its state.
func needAVX512() error {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return err
	}
	words := strings.Fields(string(info))
	for _, f := range []string{"avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl"} {
		if !slices.Contains(words, f) {
			return fmt.Errorf("the emulated CPU lacks %s", f)
		}
	}
	return nil
}
