(function () {
  var xhr = new XMLHttpRequest();
  xhr.open('GET', '/dbgl/ajax/stat.do?r=' + Math.random(), true);
  xhr.onreadystatechange = function () {
    if (xhr.readyState == 4 && xhr.status == 200) {
      var d = eval('(' + xhr.responseText + ')');
      document.getElementById('hs').innerHTML = d.hs + ' ' + d.czr;
    }
  };
  xhr.send(null);
})();
