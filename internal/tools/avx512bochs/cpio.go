//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// archive is a cpio archive in the "newc" format, from which Linux fills its first
// file system.
type archive struct {
	bytes.Buffer
	entries int
}

const (
	cpioDir  = 0o040755
	cpioFile = 0o100755
)

func (a *archive) add(name string, mode uint32, data []byte) {
	a.entries++
	fmt.Fprintf(a, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
		a.entries, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name)+1, 0)
	a.WriteString(name + "\x00")
	a.pad()
	a.Write(data)
	a.pad()
}

func (a *archive) pad() { a.Write(make([]byte, -a.Len()&3)) }

func (a *archive) dir(name string)               { a.add(name, cpioDir, nil) }
func (a *archive) file(name string, data []byte) { a.add(name, cpioFile, data) }

// tree adds the folder root of this machine as the folder name of the archive.
func (a *archive) tree(name, root string) error {
	return filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		to := path.Join(name, filepath.ToSlash(rel))
		if e.IsDir() {
			a.dir(to)
			return nil
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		a.file(to, data)
		return nil
	})
}

// finish ends the archive and returns it.
func (a *archive) finish() []byte {
	a.add("TRAILER!!!", 0, nil)
	return a.Bytes()
}
