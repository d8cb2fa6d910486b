//go:build linux

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// Where the parts of the boot go in the guest's memory; boot.asm knows the first two.
const (
	paramsAddr  = 0x10000
	kernelAddr  = 0x100000
	cmdlineAddr = 0x20000
	initrdAddr  = 0x8000000 // above everything that the kernel unpacks itself into

	sector   = 512
	cylinder = 16 * 63 * sector // a disk has whole cylinders
)

// chunk is a part of the disk that the ROM copies to memory.
type chunk struct {
	addr uint32
	data []byte
}

// writeDisk writes a disk whose first sector tells the ROM where the other sectors go.
func writeDisk(path string, chunks []chunk) error {
	disk := make([]byte, sector)
	for i, c := range chunks {
		n := (len(c.data) + sector - 1) / sector
		binary.LittleEndian.PutUint32(disk[8*i:], c.addr)
		binary.LittleEndian.PutUint32(disk[8*i+4:], uint32(n))
		disk = append(disk, c.data...)
		disk = append(disk, make([]byte, n*sector-len(c.data))...)
	}
	disk = append(disk, make([]byte, cylinder-len(disk)%cylinder)...)
	return os.WriteFile(path, disk, 0o600)
}

// bootChunks lays out a Linux kernel (a bzImage), its command line and its initial
// file system as the 32-bit boot protocol wants them (Documentation/arch/x86/boot.rst
// in the kernel's sources), for a machine with the given bytes of memory.
func bootChunks(bzImage []byte, cmdline string, initrd []byte, memory uint64) ([]chunk, error) {
	if len(bzImage) < 0x300 || string(bzImage[0x202:0x206]) != "HdrS" {
		return nil, errors.New("the kernel is no bzImage: its header lacks the signature HdrS")
	}
	if initrdAddr+uint64(len(initrd)) > memory {
		return nil, fmt.Errorf("%d MiB of files are too many for %d MiB of memory", len(initrd)>>20, memory>>20)
	}
	le := binary.LittleEndian
	params := make([]byte, 4096)
	copy(params[0x1f1:], bzImage[0x1f1:0x202+int(bzImage[0x201])])
	params[0x210] = 0xff // type_of_loader: one without a number
	le.PutUint32(params[0x218:], initrdAddr)
	le.PutUint32(params[0x21c:], uint32(len(initrd)))
	le.PutUint32(params[0x228:], cmdlineAddr)

	// The memory map, as a BIOS would tell it.
	usable := [][2]uint64{{0, 0x9f000}, {kernelAddr, memory}}
	params[0x1e8] = byte(len(usable))
	for i, r := range usable {
		e := params[0x2d0+20*i:]
		le.PutUint64(e, r[0])
		le.PutUint64(e[8:], r[1]-r[0])
		le.PutUint32(e[16:], 1)
	}

	setup := int(bzImage[0x1f1])
	if setup == 0 {
		setup = 4
	}
	if len(bzImage) < (setup+1)*sector {
		return nil, errors.New("the kernel is truncated")
	}
	return []chunk{
		{paramsAddr, params},
		{cmdlineAddr, append([]byte(cmdline), 0)},
		{kernelAddr, bzImage[(setup+1)*sector:]},
		{initrdAddr, initrd},
	}, nil
}
