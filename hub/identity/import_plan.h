#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "identity/import.h"

namespace yimen::identity {

inline constexpr const char* kOrganisationsFile = "organisations.csv";
inline constexpr const char* kPeopleFile = "people.csv";
inline constexpr const char* kPostsFile = "posts.csv";

/// What has to be done with a line.
enum class Change { kNone, kAdd, kChange };

struct OrganisationLine {
    std::size_t line = 0;
    store::OrganisationRecord record;
    std::string parentCode;
    Change change = Change::kNone;
    bool moves = false;
};

struct PersonLine {
    std::size_t line = 0;
    store::PersonRecord record;
    core::Secret password;
    Change change = Change::kNone;
    bool setsPassword = false;
    std::string encodedHash;
};

struct PostLine {
    std::size_t line = 0;
    std::string usernameKey;
    std::string orgCode;
    store::PostRecord record;
    RoleSet roles;
    Change change = Change::kNone;
};

/// Everything the three files say, and what is wrong with it. Internal to the import.
struct ImportPlan {
    std::vector<OrganisationLine> organisations;
    std::vector<PersonLine> people;
    std::vector<PostLine> posts;
    std::vector<ImportProblem> problems;

    void complain(const char* file, std::size_t line, const char* column, std::string what, std::string todo) {
        if (problems.size() < Importer::kMaxProblems) {
            problems.push_back({file, line, column, std::move(what), std::move(todo)});
        }
    }
};

/// First pass: each line by itself. The plan holds the lines that make sense.
ImportPlan readImport(const ImportFiles& files);

/// What the second pass compares with.
struct ImportContext {
    const Directory& directory;
    Day today;
    std::set<PersonId> havePassword;
    const Importer::CheckPassword& checkPassword;
};

/// Second pass: lines against each other and against what is there; says for each what has to be done.
void compareImport(ImportPlan& plan, const ImportContext& context);

}  // namespace yimen::identity
