#pragma once

#include <mysql.h>

#include <memory>
#include <string>
#include <vector>
#include <yimen/plugin.hpp>

namespace yimen::mysql {

/// A column of a result.
struct Column {
    std::string name;
    std::string type;
    bool binary = false;  ///< bytes, given as hexadecimal text
};

/// One connection to MySQL or MariaDB: utf8mb4, read only. Errors are Failures. One thread.
class Connection {
public:
    /// `silence`: seconds without an answer after which the server is taken to be away; 0: source.read_timeout.
    Connection(const sdk::Host& host, const sdk::Config& config, unsigned silence = 0);

    MYSQL* handle() const noexcept { return handle_.get(); }
    /// A statement without a result.
    void run(const std::string& text);
    /// The columns of a query, without its rows.
    std::vector<Column> columnsOf(const std::string& text);
    /// The only cell of the only row; empty for null or no row.
    std::string single(const std::string& text);
    /// All rows of a small result; null is the empty text.
    std::vector<std::vector<std::string>> rows(const std::string& text);
    /// Throws what the last call says.
    [[noreturn]] void fail() const;

private:
    struct Close {
        void operator()(MYSQL* handle) const noexcept { mysql_close(handle); }
    };
    std::unique_ptr<MYSQL, Close> handle_;
};

std::vector<Column> columnsOf(MYSQL_RES* result);
/// A client or server error number with its words.
[[noreturn]] void failWith(unsigned number, const char* words);

}  // namespace yimen::mysql
