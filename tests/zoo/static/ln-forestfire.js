var el = document.getElementById('summary');
if (el) {
  var xhr = new XMLHttpRequest();
  xhr.open('GET', '/fire/api/summary.php');
  xhr.onload = function () {
    var d = JSON.parse(xhr.responseText);
    el.textContent = d.duty + ' ' + d.town + ' ' + d.total;
  };
  xhr.send();
}
