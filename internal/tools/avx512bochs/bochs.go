//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// machine is the emulated computer: no BIOS, no PCI, one disk, one serial port.
// noxsaves and clearcpuid=xsavec on the command line below: Bochs 2.7 tells a wrong size for the
// compacted format, and Linux would switch AVX off.
const machine = `
plugin_ctrl: unmapped=1, biosdev=0, speaker=0, extfpuirq=1, parallel=0, serial=1, gameport=0, iodebug=0
config_interface: textconfig
display_library: term
pci: enabled=0
memory: guest=%[2]d, host=%[2]d
romimage: file=%[1]s/rom.bin
vga: extension=none
cpu: model=corei7_skylake_x, count=1, ips=100000000, reset_on_triple_fault=0, ignore_bad_msrs=1
clock: sync=none, time0=utc
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=disk, mode=flat, path=%[1]s/disk.img
com1: enabled=1, mode=file, dev=%[1]s/serial
log: %[1]s/bochs.log
panic: action=fatal
error: action=report
info: action=report
debug: action=ignore
`

const kernelOptions = "console=ttyS0,115200 quiet loglevel=0 noxsaves clearcpuid=xsavec mitigations=off nokaslr nosmp " +
	"acpi=off pci=off cryptomgr.notests lsm= init_on_alloc=0 tsc=reliable rcupdate.rcu_expedited=1 " +
	"panic=-1 reboot=t"

// start starts Bochs in dir, where disk.img and rom.bin lie; its guest ends by a
// triple fault, which ends Bochs.
func start(ctx context.Context, dir string, memoryMiB int) (*exec.Cmd, error) {
	config := filepath.Join(dir, "bochsrc")
	if err := os.WriteFile(config, fmt.Appendf(nil, machine, dir, memoryMiB), 0o600); err != nil {
		return nil, err
	}
	// Debian's Bochs has the debugger, which waits for a command: continue.
	commands := filepath.Join(dir, "commands")
	if err := os.WriteFile(commands, []byte("c\n"), 0o600); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "serial"), nil, 0o600); err != nil {
		return nil, err
	}
	terminal, screen, err := openTerminal()
	if err != nil {
		return nil, err
	}
	defer screen.Close()
	cmd := exec.CommandContext(ctx, "bochs", "-q", "-f", config, "-rc", commands)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TERM=vt100")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = screen, screen, screen
	cmd.SysProcAttr = &unix.SysProcAttr{Pdeathsig: unix.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go io.Copy(io.Discard, terminal) // ends with Bochs
	return cmd, nil
}

// openTerminal opens a pseudo-terminal: Bochs's text display wants one.
func openTerminal() (terminal, screen *os.File, err error) {
	terminal, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	fd := int(terminal.Fd())
	var n int
	if err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err == nil {
		if n, err = unix.IoctlGetInt(fd, unix.TIOCGPTN); err == nil {
			err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 50, Col: 100})
		}
	}
	if err == nil {
		screen, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		terminal.Close()
		return nil, nil, fmt.Errorf("no pseudo-terminal: %w", err)
	}
	return terminal, screen, nil
}
