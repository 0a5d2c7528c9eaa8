@echo off
rem Starts the dvm command on Windows. Builds it on first use; delete dvm-cli\target\dist to build it anew.
setlocal
set "root=%~dp0"
set "dist=%root%dvm-cli\target\dist"
if defined JAVA_HOME (set "java=%JAVA_HOME%\bin\java.exe") else (set "java=java.exe")
if not exist "%dist%\lib\dvm-cli.jar" (
  echo dvm: building ^(once; a minute or so^) 1>&2
  call mvn -q -B -ntp -f "%root%pom.xml" -Pquick -DskipTests -Dmaven.test.skip=true -pl dvm-cli -am package 1>&2 || exit /b 2
)
"%java%" -XX:TieredStopAtLevel=1 -Xshare:auto "-Ddvm.home=%dist%" -cp "%dist%\lib\*" org.dvm.cli.Main %*
exit /b %ERRORLEVEL%
