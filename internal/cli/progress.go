package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	quiet    = time.Second            // what takes less shows no bar
	interval = 100 * time.Millisecond // between two pictures of it
	barWidth = 24
)

// Progress is a bar on standard error with rate and remaining time. It shows
// only on a terminal, and only after a second. Its methods may be called from
// any goroutine.
type Progress struct {
	mu          sync.Mutex
	w           io.Writer // nil: show nothing
	label, unit string
	total       int
	added       int // by Add
	note        string
	start, last time.Time
	now         func() time.Time
	shown       bool
	closed      bool          // a late Set from another goroutine shows nothing
	stop        chan struct{} // ends a clock
}

// Progress begins a bar over total things, called unit in the plural, or "" to
// show no rate. It replaces the one before.
func (e *Env) Progress(label, unit string, total int) *Progress {
	e.closeProgress()
	e.progress = &Progress{label: label, unit: unit, total: total, now: time.Now}
	if e.terminal {
		e.progress.w = e.stderr
	}
	e.progress.start = e.progress.now()
	return e.progress
}

// Working begins a clock for work whose length is unknown.
func (e *Env) Working(label string) *Progress {
	p := e.Progress(label, "", 0)
	if p.w == nil {
		return p
	}
	p.stop = make(chan struct{})
	stop := p.stop
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(interval):
				p.Set(0)
			}
		}
	}()
	return p
}

func (e *Env) closeProgress() {
	if e.progress != nil {
		e.progress.Close()
		e.progress = nil
	}
}

// Note sets a text after the bar, such as the present loss.
func (p *Progress) Note(format string, args ...any) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.note = fmt.Sprintf(format, args...)
}

// Set tells how many things are done.
func (p *Progress) Set(done int) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.closed || now.Sub(p.start) < quiet || now.Sub(p.last) < interval {
		return
	}
	p.last = now
	p.shown = true
	fmt.Fprintf(p.w, "\r\x1b[K%s", p.picture(done, now.Sub(p.start)))
}

// Add tells that n more things are done.
func (p *Progress) Add(n int) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	p.added += n
	done := p.added
	p.mu.Unlock()
	p.Set(done)
}

func (p *Progress) picture(done int, elapsed time.Duration) string {
	if p.total <= 0 {
		text := p.label + ", " + short(elapsed)
		if p.note != "" {
			text += ", " + p.note
		}
		return text
	}
	share := min(max(float64(done)/float64(p.total), 0), 1)
	full := int(share * barWidth)
	rate := float64(done) / elapsed.Seconds()
	left := "?"
	if done > 0 {
		left = short(time.Duration((1/share - 1) * float64(elapsed)))
	}
	text := fmt.Sprintf("%s %3.0f%% [%s%s]", p.label, 100*share, strings.Repeat("=", full), strings.Repeat(" ", barWidth-full))
	if p.unit != "" {
		text += fmt.Sprintf(" %s %s/s,", prefix(rate), p.unit)
	}
	text += fmt.Sprintf(" %s left", left)
	if p.note != "" {
		text += ", " + p.note
	}
	return text
}

// prefix writes a rate with three digits and a decimal prefix.
func prefix(v float64) string {
	for _, p := range []struct {
		factor float64
		sign   string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if v >= 0.9995*p.factor {
			return fmt.Sprintf("%.3g%s", v/p.factor, p.sign)
		}
	}
	return fmt.Sprintf("%.3g", v)
}

func short(d time.Duration) string {
	switch {
	case d > 1000*time.Hour:
		return "a long time"
	case d >= time.Hour:
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d/time.Minute%60)
	case d >= time.Minute:
		return fmt.Sprintf("%dm%02ds", d/time.Minute, d/time.Second%60)
	}
	return fmt.Sprintf("%ds", (d+time.Second-1)/time.Second)
}

// Close removes the bar.
func (p *Progress) Close() {
	p.mu.Lock()
	if p.stop != nil {
		close(p.stop)
		p.stop = nil
	}
	p.closed = true
	p.mu.Unlock()
	p.erase()
}

func (p *Progress) erase() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// isTerminal takes every character device but the null device for a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
