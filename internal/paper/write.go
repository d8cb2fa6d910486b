package paper

import (
	"encoding/json"
	"io"
	"path/filepath"

	"pushforward/internal/atomicfile"
)

// writeFiles writes all files of the results.
func (s *runner) writeFiles(r *Results, figures []figure, sections string) error {
	for _, f := range figures {
		if err := s.file(f.name+".png", f.png); err != nil {
			return err
		}
		if err := s.file(f.name+".svg", f.svg); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := s.file("results.json", append(text, '\n')); err != nil {
		return err
	}
	page, err := reportPage(r, sections)
	if err != nil {
		return err
	}
	return s.file("report.html", page)
}

// file writes one file of the folder, whole or not at all.
func (s *runner) file(name string, content []byte) error {
	r := func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
	return atomicfile.Write(filepath.Join(s.options.Out, name), r)
}
