#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "core/secret.h"
#include "identity/directory.h"

namespace yimen::identity {

/// One thing that is wrong with one line, for the person who has to mend the file.
struct ImportProblem {
    std::string file;
    std::size_t line = 0;  ///< from 1, as an editor counts
    std::string column;    ///< name of the column, or empty for the line as a whole
    std::string what;      ///< what is wrong; never holds a password
    std::string todo;      ///< what to do about it

    /// "people.csv:17: phone: what; todo"
    std::string describe() const;
};

/// The texts of the three files; an empty text means that the file was not given.
/// organisations.csv: code,parent,kind,name,name_en,valid_from,valid_to
/// people.csv:        username,name,phone,password
/// posts.csv:         username,org,title,roles,valid_from,valid_to
struct ImportFiles {
    std::string organisations;
    std::string people;
    std::string posts;
};

struct ImportReport {
    std::vector<ImportProblem> problems;  ///< in order of file and line; empty: can be applied
    std::size_t organisationsAdded = 0;
    std::size_t organisationsChanged = 0;
    std::size_t peopleAdded = 0;
    std::size_t peopleChanged = 0;
    std::size_t passwordsSet = 0;  ///< of new people; those of known people are never overwritten by an import
    std::size_t postsAdded = 0;
    std::size_t postsChanged = 0;
};

struct ImportOptions {
    bool passwordsMustChange = true;  ///< imported passwords are replaced at the first sign-in
};

/// Import of organisations, people and posts. A line that says what is known already changes nothing, so that a file
/// can be imported again. A person who has a password keeps it. Blocking; call in the io pool or the command line.
/// Thread-safe.
class Importer {
public:
    /// Hashes a password and checks it against the policy before; see PasswordService. Called once per new person.
    using HashPassword = std::function<core::Result<std::string>(const core::Secret&, const store::PersonRecord&)>;
    /// The rules alone, without the cost; for the dry run. See PasswordService::checkNew.
    using CheckPassword = std::function<core::Status(const core::Secret&, const store::PersonRecord&)>;

    struct Dependencies {
        store::Stores& stores;
        DirectoryHolder& directory;
        const core::Clock& clock;
        HashPassword hashPassword;
        CheckPassword checkPassword = {};        ///< empty: rules are met only when applying
        std::chrono::minutes utcOffset{8 * 60};  ///< of the site: a move of a unit begins today
    };
    explicit Importer(Dependencies dependencies) : deps_(std::move(dependencies)) {}

    /// Reads and checks everything, changes nothing. Names every bad line, up to kMaxProblems.
    ImportReport check(const ImportFiles& files) const;
    /// check(), and if nothing was wrong, all changes in one transaction. The report says what was done or is wrong;
    /// an Error says that the store failed and nothing was changed.
    core::Result<ImportReport> apply(const ImportFiles& files, const ImportOptions& options = {});

    static constexpr std::size_t kMaxProblems = 1000;
    static constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20U;

private:
    core::Result<ImportReport> applyLocked(const ImportFiles& files, const ImportOptions& options);

    Dependencies deps_;
};

}  // namespace yimen::identity
