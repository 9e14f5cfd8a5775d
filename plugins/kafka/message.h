#pragma once

#include <librdkafka/rdkafka.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <yimen/plugin.hpp>

namespace yimen::kafka {

/// Makes a row of a message: its value is a JSON object, whose members are the columns; "a.b" is a member of a member;
/// $key, $timestamp (ms since 1970), $partition and $offset are the message's own. A message without a value is the
/// deletion of the record with its key. Immutable; any thread.
class MessageForm {
public:
    /// Of the configuration's `read`. Throws Failure for what cannot be read.
    explicit MessageForm(const sdk::Config& config);

    const std::vector<std::string>& columns() const noexcept { return columns_; }
    /// Adds the row, or refuses the message with its place and the reason.
    void add(const rd_kafka_message_t& message, sdk::Batch& into) const;

private:
    using Cells = std::vector<std::optional<std::string>>;
    void fromValue(std::string_view object, const std::string& before, int depth, Cells& cells) const;
    void fromKey(std::string_view key, Cells& cells) const;
    void setKey(std::size_t number, std::string_view written, Cells& cells) const;
    void ofMessage(const rd_kafka_message_t& message, Cells& cells) const;

    std::vector<std::string> columns_;
    std::map<std::string, std::size_t> byName_;
    std::vector<std::size_t> key_;  ///< columns that the message's key holds, in its order
    bool nested_ = false;           ///< some column lies in an object of the value
};

}  // namespace yimen::kafka
