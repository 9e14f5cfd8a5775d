#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/transactor.h"
#include "vault/vault.h"

namespace yimen::vault {

struct LinksProblem {
    std::size_t line = 0;
    std::string column;
    std::string what;  ///< never holds a value of the column "value"
    std::string todo;
};

struct LinksReport {
    std::vector<LinksProblem> problems;
    std::size_t accounts = 0;
    std::size_t fields = 0;
};

/// links.csv in long form: username,system,field,value; an empty user name is the shared account of the system.
/// The lines of one account need not stand together. Blocking.
class LinksImporter {
public:
    /// Says who a user name is; nothing when nobody.
    using FindPerson = std::function<std::optional<PersonId>(std::string_view username)>;
    /// Says whether a system is known.
    using KnowsSystem = std::function<bool(std::string_view system)>;

    /// With a transactor apply() is one transaction: all or nothing even when the store fails, and many times faster.
    LinksImporter(Vault& vault, FindPerson findPerson, KnowsSystem knowsSystem, store::Transactor* transactor = nullptr)
        : vault_(vault),
          findPerson_(std::move(findPerson)),
          knowsSystem_(std::move(knowsSystem)),
          transactor_(transactor) {}

    static constexpr std::size_t kMaxProblems = 1000;

    /// Names every bad line and stores nothing.
    LinksReport check(std::string_view csv) const;
    /// Stores everything if nothing is wrong. Existing accounts are replaced. An Error says that the store failed.
    core::Result<LinksReport> apply(std::string_view csv);

private:
    struct Plan {
        LinksReport report;
        std::map<store::SecretOwner, Fields> accounts;
    };
    Plan read(std::string_view csv) const;

    Vault& vault_;
    FindPerson findPerson_;
    KnowsSystem knowsSystem_;
    store::Transactor* transactor_;
};

}  // namespace yimen::vault
