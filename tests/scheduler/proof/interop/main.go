// Checks what our log makes with Go's own implementation (sumdb/note, sumdb/tlog), and makes the same
// with it. Reads one JSON object, writes one. The packages are copied beside it out of Go's own sources.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"interop/note"
	"interop/tlog"
)

type proof struct {
	Old, Index, Size int64
	Hashes           []string
}

type given struct {
	Key         string
	Note        string
	Entries     []string
	Inclusion   []proof
	Consistency []proof
	Tiles       map[string]string
	SignerKey   string
}

type made struct {
	Roots  map[string]string
	Proofs []proof
	Note   string
	Tiles  map[string]string
}

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		found = append(found, h[index])
	}
	return found, nil
}

func main() {
	var in given
	must(json.NewDecoder(os.Stdin).Decode(&in))
	var stored hashes
	for n, text := range in.Entries {
		more, err := tlog.StoredHashes(int64(n), decoded(text), stored)
		must(err)
		stored = append(stored, more...)
	}
	size := int64(len(in.Entries))
	check(in, stored, size)
	out := made{Roots: map[string]string{}, Tiles: map[string]string{}}
	for n := int64(0); n <= size; n++ {
		root, err := tlog.TreeHash(n, stored)
		must(err)
		out.Roots[strconv.FormatInt(n, 10)] = encoded(root[:])
	}
	for _, tile := range tlog.NewTiles(8, 0, size) {
		data, err := tlog.ReadTileData(tile, stored)
		must(err)
		out.Tiles["tile/"+strings.TrimPrefix(tile.Path(), "tile/8/")] = encoded(data)
	}
	for _, p := range in.Inclusion {
		found, err := tlog.ProveRecord(p.Size, p.Index, stored)
		must(err)
		out.Proofs = append(out.Proofs, proof{Index: p.Index, Size: p.Size, Hashes: texts(found)})
	}
	for _, p := range in.Consistency {
		found, err := tlog.ProveTree(p.Size, p.Old, stored)
		must(err)
		out.Proofs = append(out.Proofs, proof{Old: p.Old, Size: p.Size, Hashes: texts(found)})
	}
	signer, err := note.NewSigner(in.SignerKey)
	must(err)
	text, _, _ := strings.Cut(in.Note, "\n\n")
	signed, err := note.Sign(&note.Note{Text: text + "\n"}, signer)
	must(err)
	out.Note = string(signed)
	must(json.NewEncoder(os.Stdout).Encode(out))
}

func check(in given, stored hashes, size int64) {
	verifier, err := note.NewVerifier(in.Key)
	must(err)
	opened, err := note.Open([]byte(in.Note), note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	root, err := tlog.TreeHash(size, stored)
	must(err)
	if lines[1] != strconv.FormatInt(size, 10) || lines[2] != encoded(root[:]) {
		must(fmt.Errorf("the checkpoint is over another tree: %q", opened.Text))
	}
	for _, p := range in.Inclusion {
		th, err := tlog.TreeHash(p.Size, stored)
		must(err)
		leaf := tlog.RecordHash(decoded(in.Entries[p.Index]))
		must(tlog.CheckRecord(parsed(p.Hashes), p.Size, th, p.Index, leaf))
	}
	for _, p := range in.Consistency {
		th, err := tlog.TreeHash(p.Size, stored)
		must(err)
		old, err := tlog.TreeHash(p.Old, stored)
		must(err)
		must(tlog.CheckTree(parsed(p.Hashes), p.Size, th, p.Old, old))
	}
}

func parsed(texts []string) (found []tlog.Hash) {
	for _, text := range texts {
		found = append(found, tlog.Hash(decoded(text)))
	}
	return found
}

func texts(found []tlog.Hash) []string {
	result := []string{}
	for _, each := range found {
		result = append(result, encoded(each[:]))
	}
	return result
}

func encoded(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

func decoded(text string) []byte {
	data, err := base64.StdEncoding.DecodeString(text)
	must(err)
	return data
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
