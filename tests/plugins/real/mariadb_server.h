#pragma once

// A MariaDB of its own in a folder of its own, for the tests of the mysql plugin.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <mysql.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace yimen::test {

/// Root has no password; the user "reader" has the password "se cret" and may read the database "db". Nothing is
/// started where no server is installed: `folder` is empty then.
class MariadbServer : public ::testing::Environment {
public:
    explicit MariadbServer(std::vector<std::string> options = {}) : options_(std::move(options)) {}

    void SetUp() override {
        if (!std::filesystem::exists("/usr/sbin/mariadbd")) return;
        std::string pattern = (std::filesystem::temp_directory_path() / "yimen-mariadb-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        const std::string install = "mariadb-install-db --no-defaults --user=$(id -un) --datadir=" + folder +
                                    "/data --auth-root-authentication-method=normal --skip-test-db >" + folder +
                                    "/install.log 2>&1";
        ASSERT_EQ(std::system(install.c_str()), 0);
        start();
    }
    void TearDown() override {
        kill();
        if (!folder.empty()) std::filesystem::remove_all(folder);
    }
    void start() {
        pid_ = ::fork();
        if (pid_ == 0) run();
        bool up = prepare();
        for (int tries = 0; tries < 600 && !up; ++tries) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            up = prepare();
        }
        ASSERT_TRUE(up) << "the server did not start";
    }
    void kill() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
    /// As root in the database "db", one statement after the other.
    void sql(const std::vector<std::string>& statements) {
        MYSQL* handle = connectTo("db");
        ASSERT_NE(handle, nullptr);
        for (const std::string& text : statements) {
            EXPECT_EQ(mysql_real_query(handle, text.data(), text.size()), 0) << text << ": " << mysql_error(handle);
            if (MYSQL_RES* result = mysql_store_result(handle)) mysql_free_result(result);
        }
        mysql_close(handle);
    }
    std::string folder;

private:
    [[noreturn]] void run() const {
        const int log = ::open((folder + "/server.log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(log, 1);
        ::dup2(log, 2);
        const char* name = std::getenv("USER");
        const std::string user = ::geteuid() == 0 || name == nullptr ? "root" : name;
        std::vector<std::string> words{"mariadbd",
                                       "--no-defaults",
                                       "--datadir=" + folder + "/data",
                                       "--socket=" + folder + "/s",
                                       "--user=" + user,
                                       "--skip-networking",
                                       "--sql-mode=",
                                       "--innodb-flush-log-at-trx-commit=0"};
        words.insert(words.end(), options_.begin(), options_.end());
        std::vector<char*> arguments;
        for (std::string& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        ::execv("/usr/sbin/mariadbd", arguments.data());
        ::_exit(127);
    }
    MYSQL* connectTo(const char* database) const {
        MYSQL* handle = mysql_init(nullptr);
        mysql_optionsv(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
        if (mysql_real_connect(handle, nullptr, "root", "", database, 0, (folder + "/s").c_str(), 0) != nullptr) {
            return handle;
        }
        mysql_close(handle);
        return nullptr;
    }
    bool prepare() const {
        MYSQL* handle = connectTo(nullptr);
        if (handle == nullptr) return false;
        mysql_query(handle, "CREATE DATABASE IF NOT EXISTS db CHARACTER SET utf8mb4");
        mysql_query(handle, "CREATE OR REPLACE USER reader IDENTIFIED BY 'se cret'");
        mysql_query(handle, "GRANT SELECT ON db.* TO reader");
        mysql_close(handle);
        return true;
    }

    const std::vector<std::string> options_;
    pid_t pid_ = -1;
};

}  // namespace yimen::test
