@echo off
rem Starts the dvm command on Windows. Builds it on first use; delete dvm-cli\target\dist to build it anew.
setlocal
set "root=%~dp0"
set "dist=%root%dvm-cli\target\dist"
if defined JAVA_HOME (set "java=%JAVA_HOME%\bin\java.exe") else (set "java=java.exe")
set "build="
if not exist "%dist%\lib\dvm-cli.jar" set "build=cli"
if "%~1"=="bench" if not exist "%dist%\bench\dvm-jmh.jar" set "build=%build% bench"
if defined build (
  "%java%" -version >nul 2>&1 || (
    echo dvm: no java found: install JDK 17 or newer, or set JAVA_HOME 1>&2
    exit /b 2
  )
  where mvn >nul 2>&1 || (
    echo dvm: no mvn found: install Maven 3.8 or newer to build the command on first use 1>&2
    exit /b 2
  )
  echo dvm: building ^(once; a minute or so^) 1>&2
)
if not exist "%dist%\lib\dvm-cli.jar" (
  call mvn -q -B -ntp -f "%root%pom.xml" -Pquick -DskipTests -Dmaven.test.skip=true -Ddvm.lab.skip=true -pl dvm-cli -am package 1>&2 || exit /b 2
)
if "%~1"=="bench" if not exist "%dist%\bench\dvm-jmh.jar" (
  call mvn -q -B -ntp -f "%root%pom.xml" -Pquick -DskipTests -Dmaven.test.skip=true -pl dvm-jmh -am package dependency:copy-dependencies -DincludeScope=runtime -Dmdep.stripVersion=true "-DoutputDirectory=%dist%\bench" 1>&2 || exit /b 2
  for %%j in ("%root%dvm-jmh\target\dvm-jmh-*.jar") do (
    echo %%~nj| findstr /l "sources javadoc tests" >nul || copy /y "%%j" "%dist%\bench\dvm-jmh.jar" >nul
  )
)
"%java%" -XX:TieredStopAtLevel=1 -Xshare:auto --enable-native-access=ALL-UNNAMED "-Ddvm.home=%dist%" -cp "%dist%\lib\*" org.dvm.cli.Main %*
exit /b %ERRORLEVEL%
