//go:build linux

package main

import (
	"bytes"
	"io"
	"strconv"
)

// The guest's last words: endMark, the exit code, a newline. The first byte
// (record separator) occurs in no test's output.
const endMark = "\x1eavx512-bochs: exit "

// output passes on what the guest writes to its serial line, less the carriage
// returns that a terminal adds, up to the mark that ends it.
type output struct {
	to   io.Writer
	rest []byte // not yet passed on: may be the start of the mark
	done bool
	code int
}

func (o *output) Write(p []byte) (int, error) {
	for _, c := range p {
		if c != '\r' {
			o.rest = append(o.rest, c)
		}
	}
	if o.done {
		return len(p), nil
	}
	i := bytes.IndexByte(o.rest, endMark[0])
	if i < 0 {
		i = len(o.rest)
	}
	if _, err := o.to.Write(o.rest[:i]); err != nil {
		return 0, err
	}
	o.rest = o.rest[i:]
	line, _, complete := bytes.Cut(o.rest, []byte("\n"))
	if !complete {
		return len(p), nil
	}
	code, err := strconv.Atoi(string(bytes.TrimPrefix(line, []byte(endMark))))
	if err == nil {
		o.done, o.code = true, code
		return len(p), nil
	}
	_, err = o.to.Write(o.rest)
	o.rest = nil
	return len(p), err
}
