#include "binlog_statement.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

namespace yimen::mysql {

namespace {

/// Words past these are of no interest: what a statement does stands in front.
constexpr std::size_t kMostWords = 100'000;

char upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
bool isWordByte(char c) noexcept {
    return (c >= '0' && c <= '9') || (upper(c) >= 'A' && upper(c) <= 'Z') || c == '_' || c == '$' ||
           (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// In doubt the same: some servers do not tell capitals apart in names of tables.
bool sameName(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return upper(x) == upper(y); });
}

struct Word {
    enum class Kind : std::uint8_t { kWord, kQuoted, kText, kSign };
    Kind kind = Kind::kSign;
    std::string text;

    bool is(std::string_view wanted) const {
        if (kind != Kind::kWord && kind != Kind::kSign) return false;
        return std::equal(text.begin(), text.end(), wanted.begin(), wanted.end(),
                          [](char a, char b) { return upper(a) == b; });
    }
    bool isOneOf(std::initializer_list<std::string_view> wanted) const {
        return std::any_of(wanted.begin(), wanted.end(), [this](std::string_view one) { return is(one); });
    }
    bool isName(std::string_view name) const {
        return (kind == Kind::kWord || kind == Kind::kQuoted) && sameName(text, name);
    }
};

/// Cuts a statement into words. Comments are left out, but not what stands in those that the server runs.
class Cutter {
public:
    explicit Cutter(std::string_view text) : text_(text) {}

    std::vector<Word> words() {
        std::vector<Word> out;
        while (out.size() < kMostWords) {
            skip();
            if (at_ >= text_.size()) break;
            out.push_back(next());
        }
        return out;
    }

private:
    bool startsWith(std::string_view what) const { return text_.substr(at_, what.size()) == what; }
    void skipTo(std::string_view end) {
        const std::size_t found = text_.find(end, at_);
        at_ = found == std::string_view::npos ? text_.size() : found + end.size();
    }
    void skip() {
        while (at_ < text_.size()) {
            if (startsWith("/*!") || startsWith("/*M!")) {
                skipTo("!");
                while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
            } else if (startsWith("*/")) {
                at_ += 2;
            } else if (startsWith("/*")) {
                at_ += 2;
                skipTo("*/");
            } else if (startsWith("#") || startsWith("-- ")) {
                skipTo("\n");
            } else if (std::string_view(" \t\r\n\f\v;").find(text_[at_]) != std::string_view::npos) {
                ++at_;
            } else {
                return;
            }
        }
    }
    Word next() {
        const char first = text_[at_];
        if (first == '`' || first == '"' || first == '\'') return quoted(first);
        Word out;
        if (!isWordByte(first)) {
            out.text += text_[at_++];
            return out;
        }
        out.kind = Word::Kind::kWord;
        while (at_ < text_.size() && isWordByte(text_[at_])) out.text += text_[at_++];
        return out;
    }
    Word quoted(char quote) {
        Word out;
        out.kind = quote == '\'' ? Word::Kind::kText : Word::Kind::kQuoted;
        ++at_;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == quote) {
                if (at_ >= text_.size() || text_[at_] != quote) break;
                ++at_;
            } else if (c == '\\' && quote != '`' && at_ < text_.size()) {
                ++at_;
            }
            out.text += c;
        }
        return out;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

class Reading {
public:
    Reading(std::string_view statement, std::string_view database, std::string_view ofDatabase,
            std::string_view ofTable)
        : words_(Cutter(statement).words()), database_(database), ofDatabase_(ofDatabase), ofTable_(ofTable) {}

    Effect effect() {
        if (take("SET") && take("STATEMENT")) {  // settings for one statement, which follows
            while (at_ < words_.size() && !here().is("FOR")) ++at_;
            take("FOR");
        }
        if (takeOneOf({"BEGIN", "START"})) return Effect::kBegin;
        if (take("XA")) return here().isOneOf({"BEGIN", "START"}) ? Effect::kXaBegin : Effect::kNone;
        if (take("COMMIT")) return Effect::kCommit;
        if (take("ROLLBACK")) return mentions("TO") ? Effect::kPartRollback : Effect::kRollback;
        if (take("TRUNCATE")) {
            take("TABLE");
            return name() ? Effect::kEmptied : Effect::kNone;
        }
        if (take("DROP")) return drop();
        if (take("RENAME")) return mentionsTable() ? Effect::kGone : Effect::kNone;
        if (take("CREATE")) return create();
        if (take("ALTER")) return alter();
        if (takeOneOf({"INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD", "WITH", "CALL", "DO", "SELECT"})) {
            return mentionsTable() ? Effect::kAsStatement : Effect::kNone;
        }
        return Effect::kNone;
    }

private:
    const Word& here() const {
        static const Word kEnd;
        return at_ < words_.size() ? words_[at_] : kEnd;
    }
    bool take(std::string_view wanted) {
        if (!here().is(wanted)) return false;
        ++at_;
        return true;
    }
    bool takeOneOf(std::initializer_list<std::string_view> wanted) {
        if (!here().isOneOf(wanted)) return false;
        ++at_;
        return true;
    }
    bool mentions(std::string_view word) const {
        return std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(at_), words_.end(),
                           [&](const Word& one) { return one.is(word); });
    }
    bool mentionsTable() const {
        return std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(at_), words_.end(),
                           [&](const Word& one) { return one.isName(ofTable_); });
    }
    void skipIfExists() {
        if (!take("IF")) return;
        take("NOT");
        take("EXISTS");
    }
    /// Passes a name; whether it is the table's.
    bool name() {
        const Word* first = &here();
        if (at_ < words_.size()) ++at_;
        if (!take(".")) return first->isName(ofTable_) && sameName(database_, ofDatabase_);
        const bool ours = first->isName(ofDatabase_) && here().isName(ofTable_);
        if (at_ < words_.size()) ++at_;
        return ours;
    }
    Effect drop() {
        take("TEMPORARY");
        if (takeOneOf({"DATABASE", "SCHEMA"})) {
            skipIfExists();
            return here().isName(ofDatabase_) ? Effect::kGone : Effect::kNone;
        }
        if (!takeOneOf({"TABLE", "TABLES"})) return Effect::kNone;
        skipIfExists();
        do {
            if (name()) return Effect::kGone;
        } while (take(","));
        return Effect::kNone;
    }
    Effect create() {
        const bool replaced = take("OR");
        take("REPLACE");
        if (!take("TABLE")) return Effect::kNone;
        const bool kept = here().is("IF") && !replaced;
        skipIfExists();
        return name() && !kept ? Effect::kGone : Effect::kNone;
    }
    Effect alter() {
        while (takeOneOf({"ONLINE", "IGNORE"})) {
        }
        if (!take("TABLE")) return Effect::kNone;
        skipIfExists();
        if (!name())
            return (mentions("RENAME") || mentions("EXCHANGE")) && mentionsTable() ? Effect::kGone : Effect::kNone;
        if (take("WAIT")) ++at_;
        take("NOWAIT");
        Effect out = Effect::kNone;
        for (bool more = true; more && out == Effect::kNone; more = nextPart()) out = part();
        return out;
    }
    /// To behind the next comma that is in no brackets.
    bool nextPart() {
        int depth = 0;
        for (; at_ < words_.size(); ++at_) {
            if (here().is("(")) ++depth;
            if (here().is(")")) --depth;
            if (depth == 0 && here().is(",")) {
                ++at_;
                return true;
            }
        }
        return false;
    }
    Effect part() {
        if (take("TRUNCATE")) return Effect::kEmptied;
        if (take("RENAME")) return here().isOneOf({"INDEX", "KEY"}) ? Effect::kNone : Effect::kGone;
        if (take("DROP")) return here().is("PARTITION") ? Effect::kEmptied : versioned();
        if (take("ADD")) return versioned();
        const bool harmless = here().isOneOf({"ALTER",
                                              "COMMENT",
                                              "AUTO_INCREMENT",
                                              "ENGINE",
                                              "FORCE",
                                              "ALGORITHM",
                                              "LOCK",
                                              "ORDER",
                                              "ROW_FORMAT",
                                              "ENABLE",
                                              "DISABLE",
                                              "KEY_BLOCK_SIZE",
                                              "MAX_ROWS",
                                              "MIN_ROWS",
                                              "AVG_ROW_LENGTH",
                                              "CHECKSUM",
                                              "DELAY_KEY_WRITE",
                                              "PACK_KEYS",
                                              "STATS_PERSISTENT",
                                              "STATS_AUTO_RECALC",
                                              "STATS_SAMPLE_PAGES",
                                              "PARTITION",
                                              "REMOVE",
                                              "COALESCE",
                                              "REORGANIZE",
                                              "REBUILD",
                                              "ANALYZE",
                                              "CHECK",
                                              "OPTIMIZE",
                                              "REPAIR",
                                              "DEFAULT",
                                              "CHARACTER",
                                              "CHARSET",
                                              "COLLATE",
                                              "NOWAIT"});
        return harmless || at_ >= words_.size() ? Effect::kNone : Effect::kRewritten;
    }
    Effect versioned() const { return here().isOneOf({"SYSTEM", "PERIOD"}) ? Effect::kRewritten : Effect::kNone; }

    std::vector<Word> words_;
    std::string_view database_;
    std::string_view ofDatabase_;
    std::string_view ofTable_;
    std::size_t at_ = 0;
};

}  // namespace

Effect effectOf(std::string_view statement, std::string_view database, std::string_view ofDatabase,
                std::string_view ofTable) {
    return Reading(statement, database, ofDatabase, ofTable).effect();
}

}  // namespace yimen::mysql
