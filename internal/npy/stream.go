package npy

import (
	"archive/zip"
	"fmt"
	"hash/crc32"
	"math"

	"pushforward/internal/atomicfile"
	"pushforward/internal/littleendian"
)

// Stream writes a .npz file while its first array still grows: frames of a
// trajectory go to disk as they come. The file gets its name by Close, whole or
// not at all.
type Stream[T Element] struct {
	file    *atomicfile.File
	archive *ArchiveWriter
	entry   *zip.FileHeader
	write   interface{ Write([]byte) (int, error) }
	buffer  []byte

	shape  []int // of one item
	item   int   // numbers in it
	items  int
	crc    uint32 // of the numbers
	start  int64  // of the .npy header in the file
	length int    // of that header, fixed before the shape is known
}

// CreateStream begins a file with an array of some items of the given shape, so
// that the array's shape is (items, shape...). It panics where the shape has no
// elements.
func CreateStream[T Element](path, name string, shape ...int) (*Stream[T], error) {
	one := Header{Descr: descrOf[T](), Shape: shape}
	item, err := one.count()
	if err != nil || item == 0 || len(shape) >= maxDims {
		panic(fmt.Sprintf("npy: CreateStream: shape of an item is %s", formatShape(shape)))
	}
	file, err := atomicfile.Create(path)
	if err != nil {
		return nil, err
	}
	s := &Stream[T]{file: file, shape: shape, item: item}
	s.archive = &ArchiveWriter{zip: zip.NewWriter(file), names: map[string]bool{name: true}}
	// Size and checksum follow the data, which the third bit of the flags says.
	s.entry = &zip.FileHeader{Name: name + ".npy", Method: zip.Store, Flags: 8, CreatorVersion: 20, ReaderVersion: 20}
	//lint:ignore SA1019 what is raw has its date here: 1 January 1980
	s.entry.ModifiedDate = 1<<5 | 1
	s.start = int64(len(s.entry.Name)) + 30 // the fixed part of a local header
	header := s.header(math.MaxInt)
	s.length = len(header)
	w, err := s.archive.zip.CreateRaw(s.entry)
	if err == nil {
		s.write = w
		_, err = w.Write(header)
	}
	if err != nil {
		file.Discard()
		return nil, err
	}
	return s, nil
}

// header is what precedes the numbers of so many items, at least s.length long.
func (s *Stream[T]) header(items int) []byte {
	h := Header{Descr: descrOf[T](), Shape: append([]int{items}, s.shape...)}
	return appendHeader(nil, h, s.length)
}

// Append adds items. It panics where data is no whole number of them.
func (s *Stream[T]) Append(data []T) error {
	if len(data)%s.item != 0 {
		panic(fmt.Sprintf("npy: Append: len(data) = %d, want a multiple of %d", len(data), s.item))
	}
	size := littleendian.Size[T]()
	for len(data) > 0 {
		n := min(len(data), chunk/size)
		if len(s.buffer) < n*size {
			s.buffer = make([]byte, n*size)
		}
		b := s.buffer[:n*size]
		littleendian.Encode(b, data[:n])
		if _, err := s.write.Write(b); err != nil {
			return err
		}
		s.crc = crc32.Update(s.crc, crc32.IEEETable, b)
		s.items += n
		data = data[n:]
	}
	return nil
}

// Close writes the other arrays, which add adds, and gives the file its name.
// After an error there is no file.
func (s *Stream[T]) Close(add func(*ArchiveWriter) error) error {
	defer s.file.Discard()
	if s.write == nil {
		return fmt.Errorf("npy: the stream is closed already")
	}
	s.write = nil
	header := s.header(s.items / s.item)
	size := uint64(s.length) + uint64(s.items)*uint64(littleendian.Size[T]())
	s.entry.CRC32 = appendedChecksum(crc32.ChecksumIEEE(header), s.crc, int64(size)-int64(s.length))
	s.entry.CompressedSize64, s.entry.UncompressedSize64 = size, size
	short := uint32(min(size, math.MaxUint32))
	//lint:ignore SA1019 what is raw has its sizes here
	s.entry.CompressedSize, s.entry.UncompressedSize = short, short
	if size >= math.MaxUint32 {
		s.entry.ReaderVersion = 45 // zip64
	}
	if err := add(s.archive); err != nil {
		return err
	}
	if err := s.archive.zip.Close(); err != nil {
		return err
	}
	if _, err := s.file.WriteAt(header, s.start); err != nil {
		return err
	}
	return s.file.Commit()
}

// Discard ends the stream without a file. After Close it does nothing.
func (s *Stream[T]) Discard() {
	s.write = nil
	s.file.Discard()
}
