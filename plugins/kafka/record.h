#pragma once

#include <string>
#include <string_view>
#include <vector>
#include <yimen/plugin.hpp>

namespace yimen::kafka {

/// Makes messages of the rows of one item. Immutable; any thread.
class RecordForm {
public:
    /// `item` is the JSON that begin() gets.
    explicit RecordForm(std::string_view item);

    const std::string& code() const noexcept { return code_; }
    const std::string& table() const noexcept { return table_; }
    const std::string& run() const noexcept { return run_; }
    /// The text of the only key field, or a JSON array of the texts of several.
    std::string key(const sdk::Rows& rows, std::size_t row) const;
    /// A JSON object of all fields: integers, booleans and JSON as such, null as null, everything else as text (also
    /// decimals, whose digits a reader's floating point would change).
    std::string value(const sdk::Rows& rows, std::size_t row) const;

private:
    struct Column {
        std::string name;  ///< as a JSON text, with its colon
        bool bare = false;
        bool key = false;
    };
    std::string code_;
    std::string table_;
    std::string run_;
    std::vector<Column> columns_;
    std::size_t keys_ = 0;
};

/// `pattern` with {code} and {table} filled in; throws when it is no name of a topic.
std::string topicName(const std::string& pattern, const RecordForm& form);

}  // namespace yimen::kafka
