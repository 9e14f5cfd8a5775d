function checkForm(f) {
  if (f.username.value == '') {
    alert('请输入用户名');
    return false;
  }
  return true;
}
window.onload = function () {
  var el = document.getElementById('db');
  if (!el) return;
  var xhr = new XMLHttpRequest();
  xhr.open('GET', 'gd/count.jsp?t=' + new Date().getTime(), true);
  xhr.onreadystatechange = function () {
    if (xhr.readyState == 4 && xhr.status == 200) {
      var d = eval('(' + xhr.responseText + ')');
      el.innerHTML = d.name + ' ' + d.db;
    }
  };
  xhr.send(null);
};
