#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace yimen::lua {

/// An argument that borrows what it shows, for functions that are called once per request: nothing is copied but into
/// the state itself. Everything it points to must outlive the call. A value.
class View {
public:
    struct Member;

    View() = default;
    View(bool flag) : data_(flag) {}                // NOLINT: implicit by design
    View(std::int64_t integer) : data_(integer) {}  // NOLINT
    View(std::string_view text) : data_(text) {}    // NOLINT
    /// The sequence 1..n.
    static View list(std::span<const std::string_view> texts) { return View(List{texts.data(), texts.size()}); }
    /// Members with text keys; one whose value is nil is left out.
    static View table(std::span<const Member> members);

    struct List {
        const std::string_view* texts;
        std::size_t size;
    };
    struct Table {
        const Member* members;
        std::size_t size;
    };
    using Data = std::variant<std::monostate, bool, std::int64_t, std::string_view, List, Table>;
    const Data& data() const noexcept { return data_; }

private:
    explicit View(List list) : data_(list) {}
    explicit View(Table table) : data_(table) {}
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
