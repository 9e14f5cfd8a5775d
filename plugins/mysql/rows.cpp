#include "rows.h"

#include <array>

namespace yimen::mysql {

namespace {

using sdk::Batch;

void addHex(Batch& into, std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    char* place = into.room(bytes.size() * 2);
    for (const char c : bytes) {
        *place++ = kDigits[static_cast<unsigned char>(c) >> 4U];
        *place++ = kDigits[static_cast<unsigned char>(c) & 0xFU];
    }
}

class TextRows final : public Rows {
public:
    TextRows(Connection& connection, const std::string& text)
        : connection_(connection), result_(nullptr, mysql_free_result) {
        connection_.run(text);
        result_.reset(mysql_use_result(connection_.handle()));
        if (!result_) connection_.fail();
        columns_ = columnsOf(result_.get());
    }
    const std::vector<Column>& columns() const noexcept override { return columns_; }

    bool next(Batch& into, std::uint64_t origin) override {
        const MYSQL_ROW row = mysql_fetch_row(result_.get());
        if (row == nullptr) {
            if (mysql_errno(connection_.handle()) != 0) connection_.fail();
            return false;
        }
        const unsigned long* lengths = mysql_fetch_lengths(result_.get());
        into.beginRow(origin);
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (row[i] == nullptr) {
                into.addNull();
            } else if (columns_[i].binary) {
                addHex(into, {row[i], lengths[i]});
            } else {
                into.add({row[i], lengths[i]});
            }
        }
        return true;
    }

private:
    Connection& connection_;
    std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result_;
    std::vector<Column> columns_;
};

/// Every column is fetched as a text. What does not fit its small buffer is fetched again at its real length.
class PreparedRows final : public Rows {
public:
    PreparedRows(Connection& connection, const sdk::Statement& statement)
        : statement_(mysql_stmt_init(connection.handle()), Close{}) {
        if (!statement_) connection.fail();
        if (mysql_stmt_prepare(get(), statement.text.data(), statement.text.size()) != 0) fail();
        bindParameters(statement.parameters);
        if (mysql_stmt_execute(get()) != 0) fail();
        const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> result(mysql_stmt_result_metadata(get()),
                                                                      mysql_free_result);
        if (!result) fail();
        columns_ = columnsOf(result.get());
        bindResult();
    }
    const std::vector<Column>& columns() const noexcept override { return columns_; }

    bool next(Batch& into, std::uint64_t origin) override {
        const int fetched = mysql_stmt_fetch(get());
        if (fetched == MYSQL_NO_DATA) return false;
        if (fetched == 1) fail();
        into.beginRow(origin);
        for (std::size_t i = 0; i < columns_.size(); ++i) addCell(into, i);
        return true;
    }

private:
    static constexpr std::size_t kBuffer = 256;
    struct Close {
        void operator()(MYSQL_STMT* statement) const noexcept { mysql_stmt_close(statement); }
    };
    struct Cell {
        std::array<char, kBuffer> bytes{};
        unsigned long length = 0;
        my_bool null = 0;
        my_bool truncated = 0;
    };

    MYSQL_STMT* get() const noexcept { return statement_.get(); }
    [[noreturn]] void fail() const { failWith(mysql_stmt_errno(get()), mysql_stmt_error(get())); }

    void bindParameters(const std::vector<std::string>& values) {
        if (mysql_stmt_param_count(get()) != values.size()) {
            throw sdk::Failure(YIMEN_INVALID,
                               "read.where 与 read.query 中不可用 ? / no '?' may stand in read.where or read.query");
        }
        std::vector<MYSQL_BIND> binds(values.size());
        std::vector<std::string> copies(values);
        for (std::size_t i = 0; i < values.size(); ++i) {
            binds[i].buffer_type = MYSQL_TYPE_STRING;
            binds[i].buffer = copies[i].data();
            binds[i].buffer_length = copies[i].size();
        }
        parameters_ = std::move(copies);
        if (!binds.empty() && mysql_stmt_bind_param(get(), binds.data()) != 0) fail();
    }

    void bindResult() {
        cells_.resize(columns_.size());
        std::vector<MYSQL_BIND> binds(columns_.size());
        for (std::size_t i = 0; i < binds.size(); ++i) {
            binds[i].buffer_type = columns_[i].binary ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
            binds[i].buffer = cells_[i].bytes.data();
            binds[i].buffer_length = kBuffer;
            binds[i].length = &cells_[i].length;
            binds[i].is_null = &cells_[i].null;
            binds[i].error = &cells_[i].truncated;
        }
        if (mysql_stmt_bind_result(get(), binds.data()) != 0) fail();
    }

    void addCell(Batch& into, std::size_t column) {
        const Cell& cell = cells_[column];
        if (cell.null != 0) return into.addNull();
        std::string_view bytes(cell.bytes.data(), std::min<std::size_t>(cell.length, kBuffer));
        if (cell.length > kBuffer) {
            if (!columns_[column].binary) return fetchAgain(into.room(cell.length), column, cell.length);
            long_.resize(cell.length);
            fetchAgain(long_.data(), column, cell.length);
            bytes = long_;
        }
        if (columns_[column].binary) {
            addHex(into, bytes);
        } else {
            into.add(bytes);
        }
    }

    void fetchAgain(char* place, std::size_t column, unsigned long length) {
        MYSQL_BIND bind{};
        unsigned long got = 0;
        my_bool null = 0;
        my_bool truncated = 0;
        bind.buffer_type = columns_[column].binary ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
        bind.buffer = place;
        bind.buffer_length = length;
        bind.length = &got;
        bind.is_null = &null;
        bind.error = &truncated;
        if (mysql_stmt_fetch_column(get(), &bind, static_cast<unsigned>(column), 0) != 0) fail();
    }

    std::unique_ptr<MYSQL_STMT, Close> statement_;
    std::vector<Column> columns_;
    std::vector<Cell> cells_;
    std::vector<std::string> parameters_;
    std::string long_;
};

}  // namespace

std::unique_ptr<Rows> textRows(Connection& connection, const std::string& text) {
    return std::make_unique<TextRows>(connection, text);
}

std::unique_ptr<Rows> preparedRows(Connection& connection, const sdk::Statement& statement) {
    return std::make_unique<PreparedRows>(connection, statement);
}

}  // namespace yimen::mysql
