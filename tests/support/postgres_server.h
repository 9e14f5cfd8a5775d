#pragma once

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace yimen::test {

/// A PostgreSQL server of its own in a temporary folder, reached by a unix socket only, run by an unprivileged user and
/// gone with the object. Trusts whoever reaches the socket. `ok()` is false when the server is not installed or does
/// not start; `why()` says so: let the test fail with it.
class PostgresServer {
public:
    /// `settings`: more "-c name=value" for the server.
    explicit PostgresServer(std::string settings = "-c fsync=off") : settings_(std::move(settings)) {
        if (!std::filesystem::exists(kBinaries + "/postgres")) {
            why_ = "PostgreSQL 15 is not installed in " + kBinaries + "; run scripts/install test";
            return;
        }
        std::string name = (std::filesystem::temp_directory_path() / "yimen-pg-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            why_ = "no temporary folder";
            return;
        }
        folder_ = name;
        const passwd* user = ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
        if (user != nullptr) {
            prefix_ = "cd / && runuser -u postgres -- ";
            if (::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) why_ = "chown failed";
        }
        const std::string quiet = " >" + folder_ + "/log.txt 2>&1";
        if (std::system((prefix_ + kBinaries + "/initdb --no-sync -U yimen --auth=trust -E UTF8 --locale=C.UTF-8 -D " +
                         folder_ + "/data" + quiet)
                            .c_str()) != 0) {
            why_ = "initdb failed; see " + folder_ + "/log.txt";
            return;
        }
        start();
    }
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;
    ~PostgresServer() {
        if (running_) stop();
        std::error_code ignored;
        if (!folder_.empty() && why_.empty()) std::filesystem::remove_all(folder_, ignored);
    }

    bool ok() const { return why_.empty(); }
    const std::string& why() const { return why_; }
    const std::string& folder() const { return folder_; }

    void start() {
        const std::string options = settings_ + " -c listen_addresses= -c max_connections=60 -k " + folder_;
        running_ = control("-w -t 120 -l " + folder_ + "/server.txt -o \"" + options + "\" start");
        if (!running_) why_ = "the server does not start; see " + folder_ + "/server.txt";
    }
    /// Without a word to anybody, as in a power cut.
    void stop() {
        control("-m immediate stop");
        running_ = false;
    }
    bool sql(const std::string& text) const {
        return std::system((kBinaries + "/psql -X -q -v ON_ERROR_STOP=1 -h " + folder_ + " -U yimen -d postgres -c \"" +
                            text + "\" >>" + folder_ + "/psql.txt 2>&1")
                               .c_str()) == 0;
    }
    /// conninfo of an empty schema of its own.
    std::string freshSchema() {
        static std::atomic<int> last{0};
        const std::string name = "s" + std::to_string(::getpid()) + "_" + std::to_string(++last);
        if (!sql("CREATE SCHEMA " + name)) why_ = "CREATE SCHEMA failed; see " + folder_ + "/psql.txt";
        return conninfo() + " options='-c search_path=" + name + "'";
    }
    std::string conninfo() const { return "host=" + folder_ + " user=yimen dbname=postgres"; }

    /// One for all tests of a program, started when first asked for.
    static PostgresServer& shared() {
        static PostgresServer server;
        return server;
    }

private:
    bool control(const std::string& words) const {
        return std::system(
                   (prefix_ + kBinaries + "/pg_ctl -D " + folder_ + "/data " + words + " >/dev/null 2>&1").c_str()) ==
               0;
    }
    inline static const std::string kBinaries = "/usr/lib/postgresql/15/bin";

    std::string settings_;
    std::string folder_;
    std::string prefix_;
    std::string why_;
    bool running_ = false;
};

}  // namespace yimen::test
