function encodePwd(f) {
  f.pwd.value = md5(md5(document.getElementById('password').value).toUpperCase() + f.randomKey.value);
  document.getElementById('password').value = '';
  return true;
}
