#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "lua/value.h"

namespace yimen::lua {

/// An argument that borrows what it shows, for functions that are called once per request. A script meets a table of it
/// as a record (record.h): nothing is copied but the members that it reads. Everything it points to must outlive the
/// call. A value.
class View {
public:
    struct Member;
    /// Makes a value when a script asks for it, from what the caller knows.
    using Maker = Value (*)(const void* source);

    View() = default;
    View(bool flag) : data_(flag) {}                // NOLINT: implicit by design
    View(std::int64_t integer) : data_(integer) {}  // NOLINT
    View(std::string_view text) : data_(text) {}    // NOLINT
    /// The sequence 1..n, made anew at each reading.
    static View list(std::span<const std::string_view> texts) { return View(List{texts.data(), texts.size()}); }
    /// Members with text keys.
    static View table(std::span<const Member> members);
    /// For what is seldom read and dear to make.
    static View made(Maker make, const void* source) { return View(Made{make, source}); }

    struct List {
        const std::string_view* texts;
        std::size_t size;
    };
    struct Table {
        const Member* members;
        std::size_t size;
    };
    struct Made {
        Maker make;
        const void* source;
    };
    using Data = std::variant<std::monostate, bool, std::int64_t, std::string_view, List, Table, Made>;
    const Data& data() const noexcept { return data_; }

private:
    explicit View(List list) : data_(list) {}
    explicit View(Table table) : data_(table) {}
    explicit View(Made made) : data_(made) {}
    Data data_;
};

struct View::Member {
    std::string_view name;
    View value;
};

inline View View::table(std::span<const Member> members) {
    return View(Table{members.data(), members.size()});
}

}  // namespace yimen::lua
