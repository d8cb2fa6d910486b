package interpret_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// runner is the command that runs a program for arch on a CPU with the
// feature: none at all, an emulator, or nil where there is none.
func runner(arch, feature string) []string {
	if runtime.GOOS != "linux" {
		return nil
	}
	if arch == runtime.GOARCH {
		info, _ := os.ReadFile("/proc/cpuinfo")
		if feature == "" || bytes.Contains(info, []byte(" "+feature+" ")) {
			return []string{}
		}
		return nil
	}
	if arch == "arm64" {
		for _, name := range []string{"qemu-aarch64-static", "qemu-aarch64"} {
			if path, err := exec.LookPath(name); err == nil {
				return []string{path}
			}
		}
	}
	return nil
}

// mainText is the program that calls assembly: the calls come from a file,
// each as its function, n, the size of an element, and its inputs. Every
// array ends where its page does, and nothing is mapped behind it.
const mainText = `package main

import (
	"encoding/binary"
	"os"
	"syscall"
	"unsafe"
)

const page = 1 << 16

func guarded(b []byte) []byte {
	m, err := syscall.Mmap(-1, 0, 2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	if err := syscall.Mprotect(m[page:], syscall.PROT_NONE); err != nil {
		panic(err)
	}
	copy(m[page-len(b):], b)
	return m[page-len(b) : page : page]
}

func main() {
	in, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var arrays [5][]byte
	for i := range arrays {
		arrays[i] = guarded(make([]byte, page))
	}
	u32 := func() int {
		x := binary.LittleEndian.Uint32(in)
		in = in[4:]
		return int(x)
	}
	var out []byte
	for len(in) > 0 {
		f, n, size := u32(), u32(), u32()
		var p [5]*byte
		for i, a := range arrays {
			count := n
			if i == 4 {
				count = 8
			}
			a = a[page-count*size:]
			if i > 0 {
				in = in[copy(a, in):]
			}
			p[i] = (*byte)(unsafe.Add(unsafe.Pointer(&arrays[i][0]), page-len(a)))
		}
		before := arrays[0][page-n*size-1]
		functions[f](p[0], p[1], p[2], p[3], p[4], n)
		if arrays[0][page-n*size-1] != before {
			panic("written before the start")
		}
		out = append(out, arrays[0][page-n*size:]...)
	}
	if err := os.WriteFile(os.Args[2], out, 0o644); err != nil {
		panic(err)
	}
}
`

// execute assembles source with a program around it and returns each call's
// output.
func execute(t *testing.T, command []string, arch string, source []byte, all []call) [][]byte {
	dir := t.TempDir()
	stubs := new(strings.Builder)
	stubs.WriteString("package main\n\nvar functions = []func(dst, a, b, c, weights *byte, n int){\n")
	index := map[string]int{}
	for i, p := range programs(all) {
		index[p.Name] = i
		fmt.Fprintf(stubs, "%s,\n", p.Name)
	}
	stubs.WriteString("}\n")
	for _, p := range programs(all) {
		fmt.Fprintf(stubs, "\n//go:noescape\nfunc %s(dst, a, b, c, weights *byte, n int)\n", p.Name)
	}
	var in []byte
	for _, c := range all {
		for _, x := range []int{index[c.program.Name], c.n, c.program.Elem.Bytes()} {
			in = binary.LittleEndian.AppendUint32(in, uint32(x))
		}
		in = append(in, bytes.Join(c.inputs[:], nil)...)
	}
	for name, text := range map[string][]byte{
		"go.mod": []byte("module calls\n\ngo 1.26\n"), "main.go": []byte(mainText), "stubs.go": []byte(stubs.String()),
		"code_" + arch + ".s": source, "in": in,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-o", "calls", ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+arch, "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	args := append(command, filepath.Join(dir, "calls"), filepath.Join(dir, "in"), filepath.Join(dir, "out"))
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := os.ReadFile(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	var results [][]byte
	for _, c := range all {
		n := c.n * c.program.Elem.Bytes()
		if len(out) < n {
			t.Fatal("too little output")
		}
		results, out = append(results, out[:n]), out[n:]
	}
	return results
}
