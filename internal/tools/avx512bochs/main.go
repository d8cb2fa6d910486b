//go:build linux

// Command avx512bochs runs a static test binary on an emulated CPU that has
// AVX-512: Bochs boots a Linux kernel, without BIOS and boot loader, whose first
// process runs the binary. .ci/avx512-bochs prepares what it needs and calls it.
//
// It passes on the binary's output and exits with its exit code; 124 says that the
// time limit was reached, 125 that the emulated machine failed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	exitTime    = 124
	exitMachine = 125
)

func main() {
	kernel := flag.String("kernel", "", "Linux kernel (bzImage)")
	guest := flag.String("init", "", "first process of the guest (package guest)")
	dir := flag.String("dir", "", "working folder, which holds rom.bin; removed at the end")
	limit := flag.Duration("limit", 20*time.Minute, "time limit")
	memory := flag.Int("memory", 512, "memory of the guest in MiB")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	runtime.LockOSThread() // Bochs dies with the thread that started it
	code, err := run(ctx, *kernel, *guest, *dir, *limit, *memory, flag.Args())
	os.RemoveAll(*dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, "avx512-bochs:", err)
		if code == 0 {
			code = exitMachine
		}
	}
	os.Exit(code)
}

func run(ctx context.Context, kernel, guest, dir string, limit time.Duration, memory int, args []string) (int, error) {
	if len(args) == 0 {
		return 2, errors.New("which test binary?")
	}
	bzImage, err := os.ReadFile(kernel)
	if err != nil {
		return 0, err
	}
	files, err := guestFiles(guest, args)
	if err != nil {
		return 0, err
	}
	chunks, err := bootChunks(bzImage, kernelOptions, files, uint64(memory)<<20)
	if err != nil {
		return 0, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return 0, err
	}
	if err := writeDisk(filepath.Join(dir, "disk.img"), chunks); err != nil {
		return 0, err
	}

	begin := time.Now()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	bochs, err := start(ctx, dir, memory)
	if err != nil {
		return 0, err
	}
	ended := make(chan struct{})
	go func() {
		bochs.Wait() // its exit code says nothing
		close(ended)
	}()
	serial, err := os.Open(filepath.Join(dir, "serial"))
	if err != nil {
		return 0, err
	}
	defer serial.Close()
	out := &output{to: os.Stdout}
	for running := true; running && !out.done; {
		select {
		case <-ended:
			running = false
		case <-time.After(50 * time.Millisecond):
		}
		if _, err := io.Copy(out, serial); err != nil {
			return 0, err
		}
	}
	stopped := ctx.Err()
	cancel()
	<-ended
	switch {
	case out.done:
		fmt.Fprintf(os.Stderr, "avx512-bochs: exit code %d after %.1f s\n", out.code, time.Since(begin).Seconds())
		return out.code, nil
	case errors.Is(stopped, context.DeadlineExceeded):
		return exitTime, fmt.Errorf("not finished after %v", limit)
	case stopped != nil:
		return exitMachine, errors.New("interrupted")
	}
	log, _ := os.ReadFile(filepath.Join(dir, "bochs.log"))
	return exitMachine, fmt.Errorf("the guest ended without a result; Bochs's log ends with\n%s", tail(string(log), 20))
}

// guestFiles is the guest's file system: the binary with its arguments, the first
// process, and, as for go test, the folder testdata of the working folder.
func guestFiles(guest string, args []string) ([]byte, error) {
	var a archive
	for _, d := range []string{"dev", "proc", "sys", "tmp", "run"} {
		a.dir(d)
	}
	for name, from := range map[string]string{"init": guest, "run/test": args[0]} {
		data, err := os.ReadFile(from)
		if err != nil {
			return nil, err
		}
		a.file(name, data)
	}
	// go test's record of the files that a test opens lies outside the guest.
	rest := slices.DeleteFunc(slices.Clone(args[1:]), func(s string) bool {
		return strings.HasPrefix(s, "-test.testlogfile=")
	})
	a.file("args", []byte(strings.Join(rest, "\x00")))
	if info, err := os.Stat("testdata"); err == nil && info.IsDir() {
		if err := a.tree("run/testdata", "testdata"); err != nil {
			return nil, err
		}
	}
	return a.finish(), nil
}

func tail(s string, lines int) string {
	l := strings.Split(strings.TrimRight(s, "\n"), "\n")
	return strings.Join(l[max(0, len(l)-lines):], "\n")
}
