// gitserver serves the repositories of a folder over HTTP: to users of a file, of whom some may push.
package main

import (
	"bufio"
	"bytes"
	"crypto/subtle"
	"flag"
	"io"
	"log"
	"net/http"
	"net/http/cgi"
	"os"
	"strings"
)

// What the hooks of the repositories read.
var hook = []string{"REPOSITORY", "WEBHOOKS", "WEBHOOK_SECRET"}

type user struct {
	password string
	pushes   bool
}

// users reads lines of `NAME PASSWORD reads|pushes`.
func users(path string) map[string]user {
	file, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	all := map[string]user{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if words := strings.Fields(lines.Text()); len(words) == 3 {
			all[words[0]] = user{password: words[1], pushes: words[2] == "pushes"}
		}
	}
	return all
}

// measure reads a body whose length was not told: CGI has no other way to say where it ends.
func measure(request *http.Request) error {
	if request.ContentLength >= 0 {
		return nil
	}
	body, err := io.ReadAll(request.Body)
	request.Body = io.NopCloser(bytes.NewReader(body))
	request.ContentLength, request.TransferEncoding = int64(len(body)), nil
	return err
}

func main() {
	address := flag.String("address", "127.0.0.1:3000", "where to listen")
	root := flag.String("root", ".", "the folder of bare repositories")
	file := flag.String("users", "users", "who may come in")
	backend := flag.String("backend", "/usr/lib/git-core/git-http-backend", "git's own part of this")
	flag.Parse()
	known := users(*file)
	log.Fatal(http.ListenAndServe(*address, http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		name, password, _ := request.BasicAuth()
		caller, is := known[name]
		if !is || subtle.ConstantTimeCompare([]byte(caller.password), []byte(password)) != 1 {
			answer.Header().Set("WWW-Authenticate", `Basic realm="git"`)
			http.Error(answer, "who are you?", http.StatusUnauthorized)
			return
		}
		environment := []string{"GIT_PROJECT_ROOT=" + *root, "GIT_HTTP_EXPORT_ALL=1"}
		// git takes a push from those alone who have a name.
		if caller.pushes {
			environment = append(environment, "REMOTE_USER="+name)
		}
		if err := measure(request); err != nil {
			http.Error(answer, err.Error(), http.StatusBadRequest)
			return
		}
		(&cgi.Handler{Path: *backend, Env: environment, InheritEnv: hook}).ServeHTTP(answer, request)
	})))
}
