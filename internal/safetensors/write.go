package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"unicode/utf8"

	"pushforward/internal/atomicfile"
)

// WriteFile writes the file, whole or not at all.
func (f *File) WriteFile(path string) error {
	return atomicfile.Write(path, f.Write)
}

// Write writes the file to w. Only errors of w, and metadata or names that are
// no valid UTF-8, are errors.
func (f *File) Write(w io.Writer) error {
	header, err := f.header()
	if err != nil {
		return err
	}
	if _, err := w.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))); err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	for _, name := range f.layout() {
		if _, err := w.Write(f.tensors[name].data); err != nil {
			return err
		}
	}
	return nil
}

// layout lists the arrays in the order of their bytes. Great elements go first:
// then all are aligned.
func (f *File) layout() []string {
	names := f.Names()
	slices.SortStableFunc(names, func(a, b string) int {
		return sizes[f.tensors[b].dtype] - sizes[f.tensors[a].dtype]
	})
	return names
}

// header is built by hand, since the order of the keys is part of the bytes.
func (f *File) header() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	if len(f.Metadata) > 0 {
		fmt.Fprintf(&b, `%q:{`, metadataKey)
		for i, key := range slices.Sorted(maps.Keys(f.Metadata)) {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := appendStrings(&b, key, f.Metadata[key]); err != nil {
				return nil, err
			}
		}
		b.WriteByte('}')
	}
	offset := 0
	for _, name := range f.layout() {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		if err := appendStrings(&b, name); err != nil {
			return nil, err
		}
		t := f.tensors[name]
		shape := slices.Clone(t.shape)
		if shape == nil {
			shape = []int{}
		}
		text, err := json.Marshal(shape)
		if err != nil {
			return nil, err
		}
		end := offset + len(t.data)
		fmt.Fprintf(&b, `:{"dtype":"%s","shape":%s,"data_offsets":[%d,%d]}`, t.dtype, text, offset, end)
		offset = end
	}
	b.WriteByte('}')
	for (8+b.Len())%8 != 0 {
		b.WriteByte(' ')
	}
	if b.Len() > MaxHeader {
		return nil, fmt.Errorf("header: %d bytes, want at most %d", b.Len(), MaxHeader)
	}
	return b.Bytes(), nil
}

// appendStrings writes JSON strings with colons between them.
func appendStrings(b *bytes.Buffer, strings ...string) error {
	for i, s := range strings {
		if !utf8.ValidString(s) {
			return fmt.Errorf("header: %q is no valid UTF-8", s)
		}
		if i > 0 {
			b.WriteByte(':')
		}
		encoder := json.NewEncoder(b)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(s); err != nil {
			return err
		}
		b.Truncate(b.Len() - 1) // the encoder's newline
	}
	return nil
}
