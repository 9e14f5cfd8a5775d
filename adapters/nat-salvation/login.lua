-- What the login page's script does before it posts: pwd = MD5(upper(MD5(password)) + randomKey), lower-case hex.
return {
    transform = function(fields, page)
        fields.pwd = hash.md5(hash.md5(fields.pwd):upper() .. fields.randomKey)
        return fields
    end,
}
